/** Invites somebody: who, in which role, for which customers. */
import type { ResponseOf } from "@hauswart/protocol/api/client.ts";
import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useChange } from "../../api/change.ts";
import { useScope } from "../../app/customers.ts";
import { FormDialog } from "../../components/FormDialog.tsx";
import { LanguageSelect } from "../../components/LanguageSelect.tsx";
import { useSpeech } from "../../texts/texts.tsx";
import { isWhole, RightsFields, type Rights } from "./RightsFields.tsx";

interface Props {
  readonly onClose: () => void;
  readonly onInvited: (invitation: ResponseOf<"inviteAccount">) => void;
}

export function InviteDialog({ onClose, onInvited }: Props) {
  const { texts, language: spoken } = useSpeech();
  const scope = useScope();
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [language, setLanguage] = useState(spoken);
  // Whoever looks at one customer most likely wants to give rights for that one.
  const [rights, setRights] = useState<Rights>({
    role: "technician",
    reach: scope ? { mode: "include", customerIds: [scope] } : { mode: "all", customerIds: [] },
  });
  const invite = useChange("inviteAccount", { touches: ["listInvitations"], quiet: true, onDone: onInvited });
  return (
    <FormDialog
      title={texts.users.invite}
      action={texts.users.inviteSend}
      error={invite.error}
      isPending={invite.isPending}
      isIncomplete={!/^\S+@\S+\.\S+$/.test(email.trim()) || name.trim() === "" || !isWhole(rights)}
      onSubmit={() => invite.mutate({ body: { email: email.trim(), name: name.trim(), language, ...rights } })}
      onClose={onClose}
    >
      <p className="dimmed">{texts.users.inviteHelp}</p>
      <TextInput
        type="email"
        label={texts.users.email}
        required
        maxLength={320}
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
        data-autofocus
      />
      <TextInput label={texts.users.name} required maxLength={200} value={name} onChange={(event) => setName(event.currentTarget.value)} />
      <LanguageSelect label={texts.users.language} value={language} onChange={setLanguage} />
      <RightsFields rights={rights} onChange={setRights} />
    </FormDialog>
  );
}
