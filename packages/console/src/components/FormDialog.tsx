/** A dialog with a form: fields, what went wrong, cancel and send. */
import { Button } from "@mantine/core";
import type { ReactNode, SubmitEvent } from "react";
import { isProofAsked } from "../api/step-up.ts";
import { useTexts } from "../texts/texts.tsx";
import { Dialog } from "./Dialog.tsx";
import styles from "./FormDialog.module.css";
import { ErrorNote } from "./notes.tsx";

interface Props {
  readonly title: string;
  readonly action: string;
  readonly error: Error | null;
  readonly isPending: boolean;
  readonly isIncomplete?: boolean;
  /** Wider, for what stands side by side. */
  readonly isWide?: boolean;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function FormDialog({ title, action, error, isPending, isIncomplete = false, isWide = false, onSubmit, onClose, children }: Props) {
  const texts = useTexts();
  // The dialog that asks for a proof may still be on its way.
  const closeUnlessAsked = () => {
    if (!isProofAsked()) onClose();
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    // A dialog is drawn apart from the page, but its events still reach forms around its place in the tree.
    event.stopPropagation();
    if (!isIncomplete && !isPending) onSubmit();
  };
  return (
    <Dialog onClose={closeUnlessAsked} title={<span className={styles["title"]}>{title}</span>} size={isWide ? "lg" : "md"}>
      <form className={styles["form"]} onSubmit={submit}>
        {children}
        {error && <ErrorNote error={error} />}
        <div className={styles["buttons"]}>
          <Button variant="default" onClick={onClose}>
            {texts.shell.cancel}
          </Button>
          <Button type="submit" loading={isPending} disabled={isIncomplete}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
