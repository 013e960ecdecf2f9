/** Fields that rotas and escalation plans have in common. */
import { Select, TextInput } from "@mantine/core";
import { useTexts } from "../../texts/texts.tsx";

const hours = ["always", "service", "outside-service"] as const;
type Hours = (typeof hours)[number];

export function NameField({ value, set, isFirst = false }: { value: string; set: (name: string) => void; isFirst?: boolean }) {
  const { routing } = useTexts();
  return (
    <TextInput
      label={routing.rotaName}
      required
      maxLength={100}
      value={value}
      onChange={(event) => set(event.currentTarget.value)}
      data-autofocus={isFirst || undefined}
    />
  );
}

export function HoursSelect({ value, set }: { value: Hours; set: (hours: Hours) => void }) {
  const { routing } = useTexts();
  return (
    <Select
      label={routing.hours}
      allowDeselect={false}
      data={hours.map((one) => ({ value: one, label: routing.hoursNames[one] }))}
      value={value}
      onChange={(chosen) => set(chosen ?? value)}
    />
  );
}
