/** Writes down what is known of findings without acknowledging them. */
import type { Finding } from "@hauswart/protocol/api/models.ts";
import { Textarea } from "@mantine/core";
import { useState } from "react";
import { FormDialog } from "../../components/FormDialog.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { Named } from "./Named.tsx";

interface Props {
  readonly findings: readonly Finding[];
  readonly onClose: () => void;
  readonly onNote: (note: string) => void;
}

export function NoteDialog({ findings, onClose, onNote }: Props) {
  const texts = useTexts();
  const [note, setNote] = useState("");
  return (
    <FormDialog
      title={texts.keys.noteTitle(findings.length)}
      action={texts.keys.noteDo}
      error={null}
      isPending={false}
      isIncomplete={note.trim() === ""}
      onSubmit={() => onNote(note.trim())}
      onClose={onClose}
    >
      <Named findings={findings} />
      <Textarea
        data-autofocus
        label={texts.findings.note}
        description={texts.keys.noteHelp}
        autosize
        minRows={2}
        maxRows={8}
        maxLength={2_000}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
