/** The threshold time machine: what this check of the draft would have told in the past days, and what would have told less. */
import type { PolicyCheck } from "@hauswart/protocol/api/policies.ts";
import type { ReplayResult, ReplaySuggestion } from "@hauswart/protocol/api/policy-replay.ts";
import { Button, Progress, Select } from "@mantine/core";
import { useState } from "react";
import { ErrorNote } from "../../components/notes.tsx";
import { StateShape } from "../../components/StateMark.tsx";
import { writeSetting } from "../../features/evidence.ts";
import { useSpeech } from "../../texts/texts.tsx";
import type { Draft } from "./draft.ts";
import { ReplayDevices } from "./ReplayDevices.tsx";
import { useProposal, valuesOf, type Proposal } from "./use-proposal.ts";
import { useReplay } from "./use-replay.ts";
import styles from "./time-machine.module.css";

const spans = [7, 30, 90] as const;

interface Props {
  readonly policyId: string;
  readonly draft: Draft;
  readonly check: PolicyCheck;
  readonly onChange: (check: PolicyCheck) => void;
  /** Somebody comes from the noise page: a change is looked for and put into the draft. */
  readonly isProposing: boolean;
}

/** Whoever comes for a proposal does not look for it below all settings. */
const showOnce = (section: HTMLElement | null): void => section?.scrollIntoView({ block: "center" });

export function TimeMachine({ policyId, draft, check, onChange, isProposing }: Props) {
  const { texts } = useSpeech();
  const words = texts.replay;
  const [days, setDays] = useState<number>(30);
  const run = useReplay(policyId, draft, check.check, check.instance);
  const proposal = useProposal(run, { isWanted: isProposing, days, check, onChange });
  const { replay } = run;
  const isWorking = run.isStarting || replay?.state === "waiting" || replay?.state === "running";
  return (
    <section ref={isProposing ? showOnce : undefined} className={styles["machine"]} aria-label={words.title}>
      <h3>{words.title}</h3>
      <p className="dimmed">{words.help}</p>
      <div className={styles["ask"]}>
        <Select
          aria-label={words.days}
          allowDeselect={false}
          w={160}
          data={spans.map((span) => ({ value: String(span), label: words.dayCount(span) }))}
          value={String(days)}
          onChange={(value) => setDays(Number(value))}
        />
        {isWorking ? (
          <Button variant="default" onClick={run.cancel} disabled={run.isStarting}>
            {words.cancel}
          </Button>
        ) : (
          <Button variant="default" onClick={() => run.start(days)}>
            {replay ? words.again : words.start}
          </Button>
        )}
        {run.isStale && !isWorking && replay && <span className="dimmed">{words.outdated}</span>}
      </div>
      <div role="status">
        {isWorking && replay && (
          <div className={styles["progress"]}>
            <Progress value={(100 * replay.devicesDone) / Math.max(1, replay.devices)} aria-label={words.title} />
            <span className="dimmed">{replay.state === "waiting" ? words.waiting : words.running(replay.devicesDone, replay.devices)}</span>
          </div>
        )}
        {replay?.state === "cancelled" && <p className="dimmed">{words.cancelled}</p>}
        {replay?.state === "failed" && <p>{words.failed}</p>}
      </div>
      <ProposalNote proposal={proposal} check={check.check} />
      {run.error && <ErrorNote error={run.error} />}
      {replay?.result && (
        <div data-stale={run.isStale || undefined} className={styles["result"]}>
          <Sentence result={replay.result} days={replay.days} />
          {!run.isStale && <Suggestions result={replay.result} check={check} onChange={onChange} />}
          {replay.result.listed.length > 0 && <ReplayDevices check={check.check} result={replay.result} />}
        </div>
      )}
    </section>
  );
}

function ProposalNote({ proposal: { stage, filled }, check }: { proposal: Proposal; check: string }) {
  const words = useSpeech().texts.replay.proposal;
  const wordsOf = useSuggestionWords(check);
  if (stage === "none") return null;
  return (
    <p role="status">
      {stage === "empty" ? words.none : stage === "filled" ? words.filled(filled.map(wordsOf).join("; ")) : words.searching}
    </p>
  );
}

function Sentence({ result, days }: { result: ReplayResult; days: number }) {
  const { texts, format } = useSpeech();
  const words = texts.replay;
  const { findings, findingsNow, held, short, shortMinutes, devices, devicesWithFindings, devicesWithSamples, coveredPercent, notJudged } =
    result;
  if (devices === 0) return <p>{words.noDevices}</p>;
  if (devicesWithSamples === 0) return <p>{words.noSamples}</p>;
  const parts = [
    findings === 0 ? words.nothing(days) : words.fired(findings, devicesWithFindings, days),
    ...(short > 0 ? [words.short(short, shortMinutes)] : []),
    ...(findingsNow === findings ? [] : [words.now(findingsNow)]),
  ];
  return (
    <div>
      <p className={styles["sentence"]}>
        <StateShape state={findings === 0 ? "ok" : "warning"} /> {parts.join(" · ")}
      </p>
      <p className="dimmed">{words.measured(devicesWithSamples, devices, format.percent(coveredPercent))}</p>
      {held > 0 && <p className="dimmed">{words.held(held)}</p>}
      {notJudged > 0 && <p>{words.notJudged(notJudged)}</p>}
    </div>
  );
}

function Suggestions({ result, check, onChange }: { result: ReplayResult } & Pick<Props, "check" | "onChange">) {
  const { texts } = useSpeech();
  const words = texts.replay;
  const wordsOf = useSuggestionWords(check.check);
  return (
    <>
      {result.suggestions.map((one) => (
        <div key={one.kind} className={styles["suggestion"]}>
          <span className={styles["words"]}>
            <strong>
              {words.suggestion}: {wordsOf(one)}
            </strong>
            <span className="dimmed">
              {one.kind === "duration"
                ? words.reason.duration(result.short - one.shortLeft, result.short, one.lastingKept)
                : words.reason.hold(one.findings, result.findings)}
            </span>
          </span>
          <Button size="compact-sm" onClick={() => onChange({ ...check, ...valuesOf(one) })}>
            {words.take}
          </Button>
        </div>
      ))}
    </>
  );
}

function useSuggestionWords(check: string): (one: ReplaySuggestion) => string {
  const { texts, format, checkTexts } = useSpeech();
  const words = texts.replay.suggestions;
  const about = checkTexts(check);
  return ({ kind, badForMinutes = 0, goodForMinutes = 0, recoverAt = {}, flapping }) => {
    if (kind === "duration") return words.duration(badForMinutes);
    if (kind === "recovery-time") return words["recovery-time"](goodForMinutes);
    if (kind === "flapping") return words.flapping(flapping?.openings ?? 0, flapping?.withinMinutes ?? 0);
    const values = Object.entries(recoverAt).map(([name, value]) => `${about.settingLabel(name)} ${writeSetting(name, value, format)}`);
    return words["recovery-value"](values.join(", "));
  };
}
