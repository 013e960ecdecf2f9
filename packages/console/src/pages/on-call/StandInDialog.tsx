/** Lets somebody stand in for whoever would be on call. */
import type { ItemOf } from "@hauswart/protocol/api/client.ts";
import { Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { useChange } from "../../api/change.ts";
import { FormDialog } from "../../components/FormDialog.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { PassedOverNote } from "./PassedOverNote.tsx";
import { usePeople } from "./people.ts";
import { rotaTouches } from "./touches.ts";

export function StandInDialog({ rotas, onClose }: { rotas: readonly ItemOf<"listRotas">[]; onClose: () => void }) {
  const { routing } = useTexts();
  const people = usePeople();
  const lines = rotas.flatMap(({ rotaId, name, layers }) =>
    layers.map((layer, index) => ({ value: `${rotaId} ${index}`, label: `${name}, ${layer.name}` })),
  );
  const [line, setLine] = useState(lines[0]?.value ?? "");
  const [accountId, setAccountId] = useState<string | null>(null);
  const [from, setFrom] = useState("");
  const [until, setUntil] = useState("");
  const create = useChange("createRotaOverride", {
    touches: rotaTouches,
    quiet: true,
    message: () => routing.standInMade,
    onDone: onClose,
  });
  const submit = () => {
    const [rotaId, layer] = line.split(" ");
    create.mutate({
      params: { rotaId: rotaId! },
      body: { layer: Number(layer), accountId: accountId!, from: new Date(from).toISOString(), until: new Date(until).toISOString() },
    });
  };
  return (
    <FormDialog
      title={routing.addStandIn}
      action={routing.addStandIn}
      error={create.error}
      isPending={create.isPending}
      isIncomplete={accountId === null || !(Date.parse(from) < Date.parse(until))}
      onSubmit={submit}
      onClose={onClose}
    >
      <Select label={routing.title} allowDeselect={false} data={lines} value={line} onChange={(chosen) => setLine(chosen ?? line)} />
      <Select
        label={routing.person}
        required
        data={people.map((person) => ({ value: person.accountId, label: person.name }))}
        value={accountId}
        onChange={setAccountId}
      />
      <PassedOverNote accountIds={accountId === null ? [] : [accountId]} customerId={null} />
      <TextInput
        type="datetime-local"
        required
        label={routing.standInFrom}
        value={from}
        onChange={(event) => setFrom(event.currentTarget.value)}
      />
      <TextInput
        type="datetime-local"
        required
        label={routing.standInUntil}
        value={until}
        onChange={(event) => setUntil(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
