/** Recovery codes, shown once: copy, save, print. It closes only when the reader says that they are kept. */
import { Button, Checkbox, CopyButton } from "@mantine/core";
import { Check, Copy, Download, Printer } from "lucide-react";
import { useState } from "react";
import { Dialog } from "../../components/Dialog.tsx";
import { useTexts } from "../../texts/texts.tsx";
import styles from "./account.module.css";

interface Props {
  readonly codes: readonly string[];
  readonly email: string;
  readonly onClose: () => void;
}

/** Hands a text to the reader as a file. */
function saveText(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export function RecoveryCodesDialog({ codes, email, onClose }: Props) {
  const texts = useTexts();
  const [isKept, setKept] = useState(false);
  const sheet = `${texts.factors.recoveryFile(email)}\n\n${codes.join("\n")}\n\n${texts.factors.recoveryHelp}\n`;
  return (
    <Dialog
      onClose={() => isKept && onClose()}
      title={texts.factors.recoveryTitle}
      size="lg"
      withCloseButton={false}
      closeOnClickOutside={false}
    >
      <div className={styles["once"]}>
        <p>{texts.factors.recoveryOnce}</p>
        <ul className={styles["codes"]} aria-label={texts.factors.recovery}>
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
        <div className={styles["buttons"]}>
          <CopyButton value={codes.join("\n")} timeout={2_500}>
            {({ copied, copy }) => (
              <Button
                variant="default"
                leftSection={copied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
                onClick={copy}
              >
                {copied ? texts.shell.copied : texts.shell.copy}
              </Button>
            )}
          </CopyButton>
          <Button
            variant="default"
            leftSection={<Download size={14} aria-hidden />}
            onClick={() => saveText("hauswart-recovery-codes.txt", sheet)}
          >
            {texts.factors.recoveryDownload}
          </Button>
          <Button variant="default" leftSection={<Printer size={14} aria-hidden />} onClick={() => window.print()}>
            {texts.factors.recoveryPrint}
          </Button>
        </div>
        <Checkbox label={texts.factors.recoveryKept} checked={isKept} onChange={(event) => setKept(event.currentTarget.checked)} />
        <div className={styles["foot"]}>
          <Button disabled={!isKept} onClick={onClose}>
            {texts.enrol.done}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
