/** Changes a rota: its lines, who is in them, when they hand over. */
import type { Rota } from "@hauswart/protocol/api/routing.ts";
import { Button, MultiSelect, NumberInput, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { api } from "../../api/client.ts";
import { useChange } from "../../api/change.ts";
import { FormDialog } from "../../components/FormDialog.tsx";
import { TimeZoneSelect } from "../../components/LanguageSelect.tsx";
import { MetNote } from "../../components/revision/MetNote.tsx";
import { useRevised } from "../../components/revision/use-revised.ts";
import { useTexts } from "../../texts/texts.tsx";
import { HoursSelect, NameField } from "./fields.tsx";
import styles from "./on-call.module.css";
import { PassedOverNote } from "./PassedOverNote.tsx";
import { usePeople } from "./people.ts";
import { isWholeLayer, layerFrom, mostLayers, rotaDraft, type LayerDraft } from "./rota-draft.ts";
import { rotaTouches } from "./touches.ts";

export function EditRotaDialog({ rota, onClose }: { rota: Rota; onClose: () => void }) {
  const { shell, routing, customers } = useTexts();
  const [nowMs] = useState(() => Date.now());
  const { rotaId } = rota;
  const revised = useRevised({
    item: rota,
    draftOf: (item: Rota) => rotaDraft(item, nowMs),
    latest: async () => (await api("listRotas")).items.find((one) => one.rotaId === rotaId),
  });
  const { base, draft, set, changes } = revised;
  const save = useChange("changeRota", { touches: rotaTouches, quiet: true, message: () => routing.rotaMade, onDone: onClose });
  const setLayer = (index: number, change: Partial<LayerDraft>) =>
    set({ layers: draft.layers.map((layer, at) => (at === index ? { ...layer, ...change } : layer)) });
  const submit = () =>
    save.mutate(
      {
        params: { rotaId },
        body: {
          revision: base.revision,
          name: draft.name.trim(),
          timeZone: draft.timeZone,
          layers: draft.layers.map((layer, index) => layerFrom(layer, base.layers[index], draft.timeZone, nowMs)),
        },
      },
      revised.orMeet(save),
    );
  const last = draft.layers.at(-1)!;
  return (
    <FormDialog
      title={shell.editOf(rota.name)}
      action={shell.save}
      error={save.error}
      isPending={save.isPending}
      isIncomplete={draft.name.trim() === "" || !draft.layers.every(isWholeLayer) || Object.keys(changes).length === 0}
      isWide
      onSubmit={submit}
      onClose={onClose}
    >
      <div className={styles["pair"]}>
        <NameField value={draft.name} set={(name) => set({ name })} isFirst />
        <TimeZoneSelect label={customers.timeZone} value={draft.timeZone} onChange={(timeZone) => set({ timeZone })} />
      </div>
      {draft.layers.map((layer, index) => (
        <LayerFields key={index} layer={layer} number={index + 1} set={(change) => setLayer(index, change)} />
      ))}
      <div className={styles["steps"]}>
        {draft.layers.length < mostLayers && (
          <Button
            variant="default"
            onClick={() =>
              set({ layers: [...draft.layers, { ...last, name: routing.layerNames[draft.layers.length] ?? "", accountIds: [], now: "" }] })
            }
          >
            {routing.addLayer}
          </Button>
        )}
        {draft.layers.length > 1 && (
          <Button variant="default" onClick={() => set({ layers: draft.layers.slice(0, -1) })}>
            {routing.removeLayer(last.name)}
          </Button>
        )}
      </div>
      <MetNote revised={revised} labels={{ name: routing.rotaName, timeZone: customers.timeZone, layers: routing.lines }} />
    </FormDialog>
  );
}

interface LayerProps {
  readonly layer: LayerDraft;
  readonly number: number;
  readonly set: (change: Partial<LayerDraft>) => void;
}

function LayerFields({ layer, number, set }: LayerProps) {
  const { routing } = useTexts();
  const people = usePeople().map(({ accountId, name }) => ({ value: accountId, label: name }));
  const { accountIds, now } = layer;
  const inLine = people.filter(({ value }) => accountIds.includes(value));
  return (
    <fieldset className={styles["fieldset"]}>
      <legend>{routing.line(number)}</legend>
      <div className={styles["pair"]}>
        <NameField value={layer.name} set={(name) => set({ name })} />
        <HoursSelect value={layer.hours} set={(hours) => set({ hours })} />
      </div>
      <MultiSelect
        label={routing.peopleInOrder}
        required
        data={people}
        value={[...accountIds]}
        onChange={(chosen) => set({ accountIds: chosen, now: chosen.includes(now) ? now : (chosen[0] ?? "") })}
      />
      <PassedOverNote accountIds={accountIds} customerId={null} />
      {accountIds.length > 1 && (
        <Select
          label={routing.turnNow}
          description={routing.turnNowHelp}
          allowDeselect={false}
          data={inLine}
          value={now}
          onChange={(chosen) => set({ now: chosen ?? now })}
        />
      )}
      <div className={styles["trio"]}>
        <Select
          label={routing.handoverDay}
          allowDeselect={false}
          data={routing.weekdays.map((label, index) => ({ value: String(index + 1), label }))}
          value={String(layer.weekday)}
          onChange={(chosen) => set({ weekday: Number(chosen ?? layer.weekday) })}
        />
        <TextInput
          type="time"
          label={routing.handoverTime}
          value={layer.time}
          onChange={(event) => set({ time: event.currentTarget.value })}
        />
        <NumberInput
          label={routing.everyWeeks}
          min={1}
          max={8}
          value={layer.everyWeeks}
          onChange={(value) => set({ everyWeeks: Math.min(8, Math.max(1, Math.round(Number(value)) || 1)) })}
        />
      </div>
    </fieldset>
  );
}
