/** One's own e-mail address: what it is, what it is to become. */
import { Button, Group, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useChange } from "../../api/change.ts";
import { query } from "../../api/queries.ts";
import { FormDialog } from "../../components/FormDialog.tsx";
import { Section } from "../../components/Page.tsx";
import { StateShape } from "../../components/StateMark.tsx";
import { useSpeech, useTexts } from "../../texts/texts.tsx";

export function EmailSection({ email }: { email: string }) {
  const { texts, format } = useSpeech();
  const [isAsking, setAsking] = useState(false);
  const { data } = useQuery(query("getEmailChange"));
  const cancel = useChange("cancelEmailChange", { touches: ["getEmailChange"], message: () => texts.account.emailCancelled });
  const waiting = data?.waiting;
  return (
    <Section
      title={texts.account.email}
      note={email}
      actions={
        <Button variant="default" onClick={() => setAsking(true)}>
          {texts.account.emailChange}
        </Button>
      }
    >
      {waiting && (
        <Group gap="sm">
          <span>
            <StateShape state="unknown" /> {texts.account.emailWaiting(waiting.email, format.dateTime(Date.parse(waiting.expiresAt)))}
          </span>
          <Button size="compact-sm" variant="default" loading={cancel.isPending} onClick={() => cancel.mutate({})}>
            {texts.account.emailCancel}
          </Button>
        </Group>
      )}
      {isAsking && <EmailDialog onClose={() => setAsking(false)} />}
    </Section>
  );
}

function EmailDialog({ onClose }: { onClose: () => void }) {
  const texts = useTexts();
  const [email, setEmail] = useState("");
  const ask = useChange("requestEmailChange", {
    touches: ["getEmailChange"],
    quiet: true,
    message: (answer) => texts.account.emailSent(answer.email),
    onDone: onClose,
  });
  return (
    <FormDialog
      title={texts.account.emailChange}
      action={texts.account.emailSend}
      error={ask.error}
      isPending={ask.isPending}
      isIncomplete={email.trim() === ""}
      onSubmit={() => ask.mutate({ body: { email: email.trim() } })}
      onClose={onClose}
    >
      <p>{texts.account.emailLead}</p>
      <TextInput
        type="email"
        label={texts.account.emailNew}
        autoComplete="email"
        required
        maxLength={320}
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
        data-autofocus
      />
    </FormDialog>
  );
}
