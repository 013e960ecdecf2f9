/** Choice of a language that the product speaks. */
import { Select } from "@mantine/core";
import { languages, type Language } from "@hauswart/protocol/format.ts";
import { useTexts } from "../texts/texts.tsx";

interface Props {
  readonly label: string;
  readonly description?: string;
  readonly value: Language;
  readonly onChange: (language: Language) => void;
}

export function LanguageSelect({ label, description, value, onChange }: Props) {
  const texts = useTexts();
  return (
    <Select
      label={label}
      description={description}
      allowDeselect={false}
      data={languages.map((one) => ({ value: one, label: texts.shell.languages[one] }))}
      value={value}
      onChange={(chosen) => onChange(languages.find((one) => one === chosen) ?? value)}
    />
  );
}

/** Choice of a time zone by its IANA name, or of the one that is inherited (null). */
export function InheritedTimeZoneSelect({
  label,
  inherited,
  value,
  onChange,
}: {
  label: string;
  /** What null says, in words: "As the customer (Europe/Berlin)". */
  inherited: string;
  value: string | null;
  onChange: (zone: string | null) => void;
}) {
  const texts = useTexts();
  const zones = Intl.supportedValuesOf("timeZone");
  const known = value === null || zones.includes(value) ? zones : [value, ...zones];
  return (
    <Select
      label={label}
      searchable
      allowDeselect={false}
      limit={60}
      nothingFoundMessage={texts.shell.nothingFound}
      data={[{ value: "", label: inherited }, ...known.map((zone) => ({ value: zone, label: zone }))]}
      value={value ?? ""}
      onChange={(chosen) => onChange(chosen === "" ? null : (chosen ?? value))}
    />
  );
}

/** Choice of a time zone by its IANA name; the browser knows them all. */
export function TimeZoneSelect({ label, value, onChange }: { label: string; value: string; onChange: (zone: string) => void }) {
  const texts = useTexts();
  const zones = Intl.supportedValuesOf("timeZone");
  return (
    <Select
      label={label}
      searchable
      allowDeselect={false}
      limit={60}
      nothingFoundMessage={texts.shell.nothingFound}
      data={zones.includes(value) ? zones : [value, ...zones]}
      value={value}
      onChange={(chosen) => onChange(chosen ?? value)}
    />
  );
}
