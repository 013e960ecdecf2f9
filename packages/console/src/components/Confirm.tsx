/** Asks before something that cannot be undone: says what will happen to whom. */
import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { isProofAsked } from "../api/step-up.ts";
import { useTexts } from "../texts/texts.tsx";
import styles from "./Confirm.module.css";
import { Dialog } from "./Dialog.tsx";

interface Props {
  readonly title: string;
  readonly children: ReactNode;
  readonly action: string;
  readonly isPending?: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

export function Confirm({ title, children, action, isPending = false, onConfirm, onClose }: Props) {
  const texts = useTexts();
  // The dialog that asks for a proof may still be on its way.
  const closeUnlessAsked = () => {
    if (!isProofAsked()) onClose();
  };
  return (
    <Dialog onClose={closeUnlessAsked} title={title}>
      <div className={styles["text"]}>{children}</div>
      <div className={styles["buttons"]}>
        <Button variant="default" onClick={onClose} data-autofocus>
          {texts.shell.cancel}
        </Button>
        <Button color="red.9" loading={isPending} onClick={onConfirm}>
          {action}
        </Button>
      </div>
    </Dialog>
  );
}
