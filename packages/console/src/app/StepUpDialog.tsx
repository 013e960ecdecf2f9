/** "Confirm that it is you", before a dangerous change. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { api } from "../api/client.ts";
import { query } from "../api/queries.ts";
import { Dialog } from "../components/Dialog.tsx";
import { ErrorNote, Loading } from "../components/notes.tsx";
import { useTexts } from "../texts/texts.tsx";
import { FactorAnswer, type Answer } from "./door/FactorAnswer.tsx";
import styles from "./door/Doorway.module.css";

/** @param onAnswer told true once the proof was given, false when the reader closes the dialog. */
export default function StepUpDialog({ onAnswer }: { onAnswer: (isProven: boolean) => void }) {
  const texts = useTexts();
  // A challenge is good for one answer; the dialog asks for its own.
  const offer = useQuery({ ...query("beginProof"), gcTime: 0, staleTime: Infinity, refetchOnWindowFocus: false });
  const prove = async (answer: Answer) => {
    // Recovery codes let somebody in, they prove nothing here.
    if ("recoveryCode" in answer) return;
    const challenge = "passkey" in answer && offer.data?.challenge ? { challenge: offer.data.challenge } : {};
    await api("proveSession", { body: { ...answer, ...challenge } });
    onAnswer(true);
  };
  return (
    <Dialog onClose={() => onAnswer(false)} title={texts.door.stepUpTitle} size="sm" zIndex={300}>
      <div className={styles["fields"]}>
        <p>{texts.door.stepUpLead}</p>
        {offer.isPending && <Loading />}
        {offer.error && <ErrorNote error={offer.error} onRetry={() => void offer.refetch()} />}
        {offer.data && <FactorAnswer ways={offer.data.ways} passkeyOptions={offer.data.passkeyOptions} onAnswer={prove} />}
        <Button variant="subtle" onClick={() => onAnswer(false)}>
          {texts.shell.cancel}
        </Button>
      </div>
    </Dialog>
  );
}
