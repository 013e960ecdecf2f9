/** Asks for note and until-date before findings are acknowledged. */
import type { Finding } from "@hauswart/protocol/api/models.ts";
import { Button, Checkbox, Select, Textarea, TextInput } from "@mantine/core";
import { useState, type SubmitEvent } from "react";
import { Dialog } from "../../components/Dialog.tsx";
import { useTexts } from "../../texts/texts.tsx";
import styles from "./findings.module.css";
import { Named } from "./Named.tsx";
import { untilChoices, untilOf, type UntilChoice } from "./until.ts";

interface Props {
  readonly findings: readonly Finding[];
  /** What stands hidden behind them: findings of devices that are silent. */
  readonly behind?: readonly Finding[];
  readonly onClose: () => void;
  readonly onAcknowledge: (findings: readonly Finding[], answer: { note: string; customerNote: string; until?: string }) => void;
}

/** Of several, what somebody has acknowledged already is left to them, unless the reader says otherwise. */
function useChoice(asked: readonly Finding[]) {
  const [withTaken, setWithTaken] = useState(false);
  const taken = asked.filter(({ state }) => state === "acknowledged");
  const open = asked.filter(({ state }) => state === "open");
  const names = [...new Set(taken.flatMap(({ acknowledgement }) => acknowledgement?.by ?? []))].join(", ");
  const isMixed = taken.length > 0 && open.length > 0;
  return { findings: isMixed && !withTaken ? open : asked, taken, names, isMixed, withTaken, setWithTaken };
}

export function AcknowledgeDialog({ findings: asked, behind = [], onClose, onAcknowledge }: Props) {
  const texts = useTexts();
  const { findings, taken, names, isMixed, withTaken, setWithTaken } = useChoice(asked);
  const [withBehind, setWithBehind] = useState(true);
  const [note, setNote] = useState("");
  const [customerNote, setCustomerNote] = useState("");
  const [choice, setChoice] = useState<UntilChoice>("none");
  const [day, setDay] = useState("");
  const [openedAtMs] = useState(() => Date.now());
  const isComplete = untilOf(choice, day, openedAtMs) !== null;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const until = untilOf(choice, day, Date.now());
    if (until !== null) onAcknowledge(withBehind ? [...new Set([...findings, ...behind])] : findings, { note, customerNote, until });
  };
  return (
    <Dialog onClose={onClose} title={texts.findings.acknowledgeTitle(findings.length)}>
      <form className={styles["dialog"]} onSubmit={submit}>
        <Named findings={findings} />
        {isMixed && (
          <Checkbox
            size="xs"
            label={texts.findings.alsoTaken(taken.length, names)}
            description={texts.findings.alsoTakenHelp}
            checked={withTaken}
            onChange={(event) => setWithTaken(event.currentTarget.checked)}
          />
        )}
        {taken.length > 0 && !isMixed && <p>{texts.findings.replaces(names)}</p>}
        {behind.length > 0 && (
          <Checkbox
            size="xs"
            label={texts.keys.alsoBehind(behind.length)}
            checked={withBehind}
            onChange={(event) => setWithBehind(event.currentTarget.checked)}
          />
        )}
        <p className="dimmed">{texts.findings.acknowledgeHelp}</p>
        <Textarea
          data-autofocus
          label={texts.findings.note}
          placeholder={texts.findings.notePlaceholder}
          autosize
          minRows={2}
          maxRows={8}
          maxLength={2_000}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Textarea
          label={texts.findings.customerNote}
          description={texts.findings.customerNoteHelp}
          autosize
          minRows={1}
          maxRows={8}
          maxLength={2_000}
          value={customerNote}
          onChange={(event) => setCustomerNote(event.currentTarget.value)}
        />
        <div className={styles["until"]}>
          <Select
            label={texts.findings.until}
            description={choice === "none" ? undefined : texts.findings.untilHelp}
            allowDeselect={false}
            data={untilChoices.map((one) => ({
              value: one,
              label: one === "none" ? texts.findings.untilNone : texts.findings.untilChoices[one],
            }))}
            value={choice}
            onChange={(chosen) => setChoice(untilChoices.find((one) => one === chosen) ?? "none")}
          />
          {choice === "date" && (
            <TextInput
              type="date"
              label={texts.findings.untilDate}
              required
              value={day}
              min={new Date(openedAtMs).toISOString().slice(0, 10)}
              onChange={(event) => setDay(event.currentTarget.value)}
            />
          )}
        </div>
        <div className={styles["buttons"]}>
          <Button variant="default" onClick={onClose}>
            {texts.shell.cancel}
          </Button>
          <Button type="submit" disabled={!isComplete}>
            {texts.findings.acknowledge}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
