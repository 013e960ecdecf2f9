/** Passkeys: add, name, take away. */
import { browserOf } from "@hauswart/protocol/user-agent.ts";
import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useChange } from "../../api/change.ts";
import { api } from "../../api/client.ts";
import { makePasskey, supportsPasskeys } from "../../api/passkeys.ts";
import { Ago } from "../../components/Ago.tsx";
import { Confirm } from "../../components/Confirm.tsx";
import { FormDialog } from "../../components/FormDialog.tsx";
import { notify } from "../../components/notify.tsx";
import { PlainTable } from "../../components/PlainTable.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { FactorPart, factorCount, type Factors } from "./FactorPart.tsx";

type Passkey = Factors["passkeys"][number];
type Codes = (codes: readonly string[] | null) => void;

export function PasskeysPart({ factors, onCodes }: { factors: Factors; onCodes: Codes }) {
  const texts = useTexts();
  const [isAdding, setAdding] = useState(false);
  const [renamed, setRenamed] = useState<Passkey | null>(null);
  const [asked, setAsked] = useState<Passkey | null>(null);
  const remove = useChange("deletePasskey", {
    touches: ["getFactors"],
    message: () => texts.factors.passkeyRemoved,
    onDone: () => setAsked(null),
  });
  const isPossible = factors.canUsePasskeys && supportsPasskeys();
  return (
    <FactorPart
      title={texts.factors.passkeys}
      help={isPossible ? texts.factors.passkeyHelp : texts.factors.passkeyUnsupported}
      action={
        isPossible && (
          <Button variant="default" onClick={() => setAdding(true)}>
            {texts.factors.passkeyAdd}
          </Button>
        )
      }
    >
      {factors.passkeys.length > 0 && <PasskeyTable passkeys={factors.passkeys} onRename={setRenamed} onRemove={setAsked} />}
      {isAdding && <AddDialog onClose={() => setAdding(false)} onCodes={onCodes} />}
      {renamed && <RenameDialog passkey={renamed} onClose={() => setRenamed(null)} />}
      {asked && (
        <Confirm
          title={texts.factors.passkeyRemoveTitle(asked.name)}
          action={texts.shell.remove}
          isPending={remove.isPending}
          onConfirm={() => remove.mutate({ params: { passkeyId: asked.passkeyId } })}
          onClose={() => setAsked(null)}
        >
          {texts.factors.passkeyRemoveText} {factorCount(factors) === 1 && texts.factors.last}
        </Confirm>
      )}
    </FactorPart>
  );
}

interface TableProps {
  readonly passkeys: readonly Passkey[];
  readonly onRename: (passkey: Passkey) => void;
  readonly onRemove: (passkey: Passkey) => void;
}

function PasskeyTable({ passkeys, onRename, onRemove }: TableProps) {
  const texts = useTexts();
  return (
    <PlainTable
      label={texts.factors.passkeys}
      stacks
      columns={[
        { header: texts.factors.passkeyName },
        { header: texts.factors.passkeyWhere, width: "170px", from: "md" },
        { header: texts.factors.passkeyUsed, width: "120px" },
        { header: texts.factors.passkeyCreated, width: "120px", from: "md" },
        { header: texts.factors.passkeyActions, width: "206px", align: "end", isHeaderHidden: true },
      ]}
      rows={passkeys.map((passkey) => ({
        key: passkey.passkeyId,
        cells: [
          <span key="name" title={passkey.name}>
            {passkey.name}
          </span>,
          passkey.isSynced ? texts.factors.passkeySynced : texts.factors.passkeyBound,
          <Ago key="used" at={passkey.lastUsedAt} short none={texts.factors.passkeyNever} />,
          <Ago key="created" at={passkey.createdAt} short />,
          <span key="actions">
            <Button
              size="compact-xs"
              variant="subtle"
              aria-label={texts.factors.passkeyRenameOf(passkey.name)}
              onClick={() => onRename(passkey)}
            >
              {texts.factors.passkeyRename}
            </Button>
            <Button
              size="compact-xs"
              variant="subtle"
              aria-label={texts.factors.passkeyRemoveOf(passkey.name)}
              onClick={() => onRemove(passkey)}
            >
              {texts.shell.remove}
            </Button>
          </span>,
        ],
      }))}
    />
  );
}

/** A name that fits most of the time: the system at which it is made. */
const proposedName = () => browserOf(navigator.userAgent).system ?? "Passkey";

function AddDialog({ onClose, onCodes }: { onClose: () => void; onCodes: Codes }) {
  const texts = useTexts();
  const client = useQueryClient();
  const [name, setName] = useState(proposedName);
  const add = useMutation({
    mutationFn: async () => {
      const { challenge, options } = await api("beginPasskey");
      const passkey = await makePasskey(options);
      return api("createPasskey", { body: { name: name.trim(), challenge, passkey } });
    },
    onSuccess: async ({ passkey, recoveryCodes }) => {
      await client.invalidateQueries({ queryKey: ["getFactors"] });
      notify({ message: texts.factors.passkeyAdded(passkey.name) });
      onClose();
      onCodes(recoveryCodes);
    },
  });
  return (
    <FormDialog
      title={texts.factors.passkeyAdd}
      action={texts.door.confirm}
      error={add.error}
      isPending={add.isPending}
      isIncomplete={name.trim() === ""}
      onSubmit={() => add.mutate()}
      onClose={onClose}
    >
      <p>{texts.factors.passkeyAddLead}</p>
      <TextInput
        label={texts.factors.passkeyName}
        description={texts.factors.passkeyNameHelp}
        required
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
    </FormDialog>
  );
}

function RenameDialog({ passkey, onClose }: { passkey: Passkey; onClose: () => void }) {
  const texts = useTexts();
  const [name, setName] = useState(passkey.name);
  const change = useChange("changePasskey", { touches: ["getFactors"], quiet: true, onDone: onClose });
  return (
    <FormDialog
      title={texts.factors.passkeyRenameOf(passkey.name)}
      action={texts.shell.save}
      error={change.error}
      isPending={change.isPending}
      isIncomplete={name.trim() === ""}
      onSubmit={() => change.mutate({ params: { passkeyId: passkey.passkeyId }, body: { name: name.trim() } })}
      onClose={onClose}
    >
      <TextInput
        label={texts.factors.passkeyName}
        required
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
    </FormDialog>
  );
}
