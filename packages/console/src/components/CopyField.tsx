/** Text to take along: a command, a key, a secret. */
import { Button, CopyButton } from "@mantine/core";
import { Check, Copy } from "lucide-react";
import { useTexts } from "../texts/texts.tsx";
import styles from "./CopyField.module.css";

export function CopyField({ label, value }: { label: string; value: string }) {
  const texts = useTexts();
  return (
    <div>
      <div className={styles["head"]}>
        <span className={styles["label"]}>{label}</span>
        <CopyButton value={value} timeout={2_500}>
          {({ copied, copy }) => (
            <Button
              size="compact-xs"
              variant="subtle"
              leftSection={copied ? <Check size={13} aria-hidden /> : <Copy size={13} aria-hidden />}
              onClick={copy}
            >
              {copied ? texts.shell.copied : texts.shell.copy}
            </Button>
          )}
        </CopyButton>
      </div>
      <div className={styles["value"]} tabIndex={0} role="textbox" aria-readonly="true" aria-label={label}>
        {value}
      </div>
    </div>
  );
}
