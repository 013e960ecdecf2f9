/** Asks for note and until-date before findings are acknowledged. */
import type { Finding } from "@hauswart/protocol/api/models.ts";
import { Button, Modal, Select, Textarea, TextInput } from "@mantine/core";
import { useState, type SubmitEvent } from "react";
import { StateShape } from "../../components/StateMark.tsx";
import { useSpeech } from "../../texts/texts.tsx";
import styles from "./findings.module.css";
import { untilChoices, untilOf, type UntilChoice } from "./until.ts";

interface Props {
  readonly findings: readonly Finding[];
  readonly onClose: () => void;
  readonly onAcknowledge: (answer: { note: string; until?: string }) => void;
}

const mostNamed = 5;

export function AcknowledgeDialog({ findings, onClose, onAcknowledge }: Props) {
  const { texts, checkTexts } = useSpeech();
  const [note, setNote] = useState("");
  const [choice, setChoice] = useState<UntilChoice>("none");
  const [day, setDay] = useState("");
  const [openedAtMs] = useState(() => Date.now());
  const isComplete = untilOf(choice, day, openedAtMs) !== null;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const until = untilOf(choice, day, Date.now());
    if (until !== null) onAcknowledge({ note, until });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={texts.findings.acknowledgeTitle(findings.length)}
      closeButtonProps={{ "aria-label": texts.shell.close }}
    >
      <form className={styles["dialog"]} onSubmit={submit}>
        <ul className={styles["named"]}>
          {findings.slice(0, mostNamed).map((finding) => (
            <li key={finding.findingId}>
              <StateShape state={finding.severity} /> {checkTexts(finding.check).title(finding)}
              <span className="dimmed"> · {finding.deviceName ?? finding.customerName}</span>
            </li>
          ))}
          {findings.length > mostNamed && <li className="dimmed">{texts.device.and(findings.length - mostNamed)}</li>}
        </ul>
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
    </Modal>
  );
}
