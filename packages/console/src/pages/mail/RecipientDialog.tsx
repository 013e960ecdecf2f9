/** Adds a recipient, or changes one: how and whom, for which places, about what and when. */
import type { Recipient } from "@hauswart/protocol/api/routing.ts";
import { useState } from "react";
import { useChange } from "../../api/change.ts";
import { api } from "../../api/client.ts";
import { useScope } from "../../app/customers.ts";
import { FormDialog } from "../../components/FormDialog.tsx";
import { MetNote } from "../../components/revision/MetNote.tsx";
import { useRevised } from "../../components/revision/use-revised.ts";
import { useSpeech, useTexts, type Texts } from "../../texts/texts.tsx";
import { draftOf, emptyDraft, isWhole, newRecipient, recipientChange, type Draft } from "./recipient-draft.ts";
import { RecipientFields } from "./RecipientFields.tsx";

const touches = ["listRecipients", "previewRouting"] as const;

export function RecipientDialog({ onClose }: { onClose: () => void }) {
  const { texts, language } = useSpeech();
  const scope = useScope() ?? null;
  const [draft, setDraft] = useState(() => emptyDraft(scope, language));
  const create = useChange("createRecipient", {
    touches,
    quiet: true,
    message: (made) => texts.recipients.added(made.address),
    onDone: onClose,
  });
  return (
    <FormDialog
      title={texts.recipients.add}
      action={texts.recipients.add}
      error={create.error}
      isPending={create.isPending}
      isIncomplete={!isWhole(draft)}
      onSubmit={() => create.mutate({ body: newRecipient(draft) })}
      onClose={onClose}
    >
      <RecipientFields draft={draft} set={(change) => setDraft((before) => ({ ...before, ...change }))} />
    </FormDialog>
  );
}

const labelsOf = ({ recipients, routing }: Texts): Record<keyof Draft, string> => ({
  channel: routing.channel,
  address: recipients.address,
  token: routing.token,
  dropsToken: routing.token,
  accountId: routing.person,
  customerId: recipients.customer,
  siteId: recipients.site,
  language: recipients.language,
  fromSeverity: recipients.from,
  topics: routing.topics,
  checks: recipients.checks,
  recoveries: recipients.recoveriesShort,
  quiet: routing.quiet,
  quietExcept: routing.quietExcept,
  onCallOnly: routing.onCallOnly,
  reachable: recipients.reachable,
});

export function EditRecipientDialog({ recipient, onClose }: { recipient: Recipient; onClose: () => void }) {
  const texts = useTexts();
  const { recipientId } = recipient;
  const revised = useRevised({
    item: recipient,
    draftOf,
    latest: () => api("getRecipient", { params: { recipientId } }),
  });
  const { base, draft, set, changes } = revised;
  const save = useChange("changeRecipient", {
    touches,
    quiet: true,
    message: (saved) => texts.recipients.changed(saved.address),
    onDone: onClose,
  });
  return (
    <FormDialog
      title={texts.shell.editOf(recipient.address)}
      action={texts.shell.save}
      error={save.error}
      isPending={save.isPending}
      isIncomplete={!isWhole(draft, base.channel) || Object.keys(changes).length === 0}
      onSubmit={() => save.mutate({ params: { recipientId }, body: recipientChange(changes, draft, base.revision) }, revised.orMeet(save))}
      onClose={onClose}
    >
      <RecipientFields draft={draft} set={set} kept={base} />
      <MetNote revised={revised} labels={labelsOf(texts)} />
    </FormDialog>
  );
}
