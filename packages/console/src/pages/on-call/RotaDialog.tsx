/** Sets up a rota of one or two lines together with the plan that tells them one after the other. */
import { MultiSelect, NumberInput, Select, Switch, TextInput } from "@mantine/core";
import { useState } from "react";
import { useChange } from "../../api/change.ts";
import { FormDialog } from "../../components/FormDialog.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { PassedOverNote } from "./PassedOverNote.tsx";
import { usePeople } from "./people.ts";
import { planTouches, rotaTouches } from "./touches.ts";

export function RotaDialog({ onClose }: { onClose: () => void }) {
  const { routing } = useTexts();
  const people = usePeople().map(({ accountId, name }) => ({ value: accountId, label: name }));
  const [name, setName] = useState(routing.title);
  const [first, setFirst] = useState<string[]>([]);
  const [second, setSecond] = useState<string[]>([]);
  const [weekday, setWeekday] = useState("1");
  const [time, setTime] = useState("08:00");
  const [minutes, setMinutes] = useState(15);
  const [owners, setOwners] = useState(true);
  const plan = useChange("createEscalationPlan", {
    touches: planTouches,
    message: () => routing.rotaMade,
    onDone: onClose,
  });
  const create = useChange("createRota", {
    touches: rotaTouches,
    quiet: true,
    onDone({ rotaId, layers }) {
      const steps = layers.map((_, layer) => ({ afterMinutes: layer === 0 ? 0 : minutes, to: { kind: "rota" as const, rotaId, layer } }));
      plan.mutate({
        body: {
          customerId: null,
          name: routing.planName,
          fromSeverity: "failure",
          topics: null,
          hours: "always",
          repeats: 1,
          steps: [...steps, ...(owners ? [{ afterMinutes: minutes, to: { kind: "owners" as const } }] : [])],
        },
      });
    },
  });
  const layerOf = (index: number, accountIds: string[]) => ({
    name: routing.layerNames[index]!,
    hours: "always" as const,
    startsOn: new Date().toISOString().slice(0, 10),
    handover: { weekday: Number(weekday), time },
    everyWeeks: 1,
    accountIds,
  });
  const submit = () =>
    create.mutate({
      body: {
        name: name.trim(),
        timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        layers: [layerOf(0, first), ...(second.length > 0 ? [layerOf(1, second)] : [])],
      },
    });
  return (
    <FormDialog
      title={routing.addRota}
      action={routing.addRota}
      error={create.error ?? plan.error}
      isPending={create.isPending || plan.isPending}
      isIncomplete={name.trim() === "" || first.length === 0 || !/^\d\d:\d\d$/.test(time)}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextInput
        label={routing.rotaName}
        required
        value={name}
        maxLength={100}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <MultiSelect label={routing.firstLine} required data={people} value={first} onChange={setFirst} />
      <MultiSelect label={routing.secondLine} data={people} value={second} onChange={setSecond} clearable />
      <PassedOverNote accountIds={[...first, ...second]} customerId={null} />
      <Select
        label={routing.handoverDay}
        allowDeselect={false}
        data={routing.weekdays.map((label, index) => ({ value: String(index + 1), label }))}
        value={weekday}
        onChange={(chosen) => setWeekday(chosen ?? weekday)}
      />
      <TextInput type="time" label={routing.handoverTime} value={time} onChange={(event) => setTime(event.currentTarget.value)} />
      <NumberInput
        label={routing.waitMinutes}
        min={1}
        max={1_440}
        value={minutes}
        onChange={(value) => setMinutes(Number(value) || minutes)}
      />
      <Switch label={routing.ownersLast} checked={owners} onChange={(event) => setOwners(event.currentTarget.checked)} />
    </FormDialog>
  );
}
