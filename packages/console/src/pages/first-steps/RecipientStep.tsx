/** Step 3: who is told, and a test mail that says what the mail server really answered. */
import { ApiError } from "@hauswart/protocol/api/client.ts";
import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { api } from "../../api/client.ts";
import { useAccount } from "../../app/session.ts";
import { CopyField } from "../../components/CopyField.tsx";
import { ErrorNote } from "../../components/notes.tsx";
import { useSpeech } from "../../texts/texts.tsx";
import styles from "./first-steps.module.css";
import type { StepProps } from "./FirstStepsPage.tsx";
import { MailProgress } from "./MailProgress.tsx";

/** Adds a recipient of everything; one who is there already is no trouble. */
async function ensureRecipient(address: string, language: "de" | "en"): Promise<void> {
  try {
    await api("createRecipient", { body: { address, language } });
  } catch (error) {
    if (!(error instanceof ApiError && error.code === "CONFLICT")) throw error;
  }
}

export function RecipientStep({ steps, onStay, onNext }: StepProps) {
  const { texts, language } = useSpeech();
  const client = useQueryClient();
  const account = useAccount();
  const own = account && !account.email.endsWith("@localhost") ? account.email : "";
  const [typed, setTyped] = useState<string>();
  const address = typed ?? steps.recipient.address ?? own;
  const [mailId, setMailId] = useState<string>();
  const send = useMutation({
    mutationFn: async () => {
      onStay();
      if (address !== steps.recipient.address) await ensureRecipient(address, language);
      return api("sendTestMail", { body: { address, language } });
    },
    onSuccess: (mail) => setMailId(mail.mailId),
    onSettled: () =>
      Promise.all(
        (["listRecipients", "listOutbox", "getFirstSteps"] as const).map((touched) => client.invalidateQueries({ queryKey: [touched] })),
      ),
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    send.mutate();
  };
  return (
    <form className={styles["form"]} onSubmit={submit}>
      <p>{texts.firstSteps.recipient.lead}</p>
      {!steps.hasMailServer && (
        <>
          <p role="note">{texts.firstSteps.recipient.noServer}</p>
          <CopyField
            label={texts.firstSteps.recipient.noServerExample}
            value="HAUSWART_SMTP_URL=smtp://user:password@mail.example.com:587"
          />
        </>
      )}
      <TextInput
        type="email"
        label={texts.firstSteps.recipient.address}
        required
        maxLength={320}
        value={address}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {send.error && <ErrorNote error={send.error} />}
      {mailId && <MailProgress mailId={mailId} />}
      <div className={styles["buttons"]}>
        <Button
          type="submit"
          variant={steps.recipient.isDone ? "default" : "filled"}
          loading={send.isPending}
          disabled={!address.includes("@")}
        >
          {mailId ? texts.firstSteps.recipient.again : texts.firstSteps.recipient.send}
        </Button>
        {steps.recipient.isDone && <Button onClick={onNext}>{texts.firstSteps.onward}</Button>}
      </div>
    </form>
  );
}
