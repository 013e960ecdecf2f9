/** Sets up a code app: a picture to scan, the key to type, and a code that proves that it arrived. */
import { TextInput } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useChange } from "../../api/change.ts";
import { CopyField } from "../../components/CopyField.tsx";
import { FormDialog } from "../../components/FormDialog.tsx";
import { ErrorNote, Loading } from "../../components/notes.tsx";
import { QrCode } from "../../components/QrCode.tsx";
import { useTexts } from "../../texts/texts.tsx";
import styles from "./account.module.css";

/** In groups of four, as people read keys aloud. */
const grouped = (secret: string) => secret.replaceAll(/(.{4})(?=.)/g, "$1 ");

export function TotpDialog({ onClose, onDone }: { onClose: () => void; onDone: (codes: readonly string[] | null) => void }) {
  const texts = useTexts();
  const [code, setCode] = useState("");
  const begin = useChange("beginTotp", { touches: [], quiet: true });
  const confirm = useChange("confirmTotp", {
    touches: ["getFactors"],
    quiet: true,
    message: () => texts.factors.totpDone,
    onDone: ({ recoveryCodes }) => onDone(recoveryCodes),
  });
  const isBegun = useRef(false);
  useEffect(() => {
    // Each call makes another key, and this effect runs twice while the console is developed.
    if (isBegun.current) return;
    isBegun.current = true;
    begin.mutate({});
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once, when the dialog opens
  }, []);
  // The field comes with the key, after the dialog has placed its focus.
  const field = useRef<HTMLInputElement>(null);
  const isHere = begin.data !== undefined;
  useEffect(() => {
    if (isHere) field.current?.focus();
  }, [isHere]);
  const send = () => confirm.mutate({ body: { totp: code } });
  return (
    <FormDialog
      isWide
      title={texts.factors.totpSetUp}
      action={texts.factors.totpConfirm}
      error={confirm.error}
      isPending={confirm.isPending}
      isIncomplete={!/^\s*\d{3} ?\d{3}\s*$/.test(code)}
      onSubmit={send}
      onClose={onClose}
    >
      {begin.error && <ErrorNote error={begin.error} onRetry={() => begin.mutate({})} />}
      {begin.isPending && <Loading />}
      {begin.data && (
        <div className={styles["totp"]}>
          <QrCode value={begin.data.uri} label={texts.factors.totpScanLabel} />
          <div className={styles["totpText"]}>
            <p>{texts.factors.totpScan}</p>
            <CopyField label={texts.factors.totpKey} value={grouped(begin.data.secret)} />
            <TextInput
              ref={field}
              label={texts.factors.totpCode}
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={7}
              required
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
            />
          </div>
        </div>
      )}
    </FormDialog>
  );
}
