/** What a change would bring about, in one sentence, and device by device when asked. */
import type { PolicyPreview, PreviewDevice } from "@hauswart/protocol/api/policy-preview.ts";
import { ApiError } from "@hauswart/protocol/api/client.ts";
import { Button } from "@mantine/core";
import { useState } from "react";
import { Dialog } from "../../components/Dialog.tsx";
import { DeviceLink } from "../../components/links.tsx";
import { ErrorNote } from "../../components/notes.tsx";
import { StateMark, StateShape } from "../../components/StateMark.tsx";
import { useSpeech, type Texts } from "../../texts/texts.tsx";
import { useSourceWords } from "../device/CheckList.tsx";
import type { Draft } from "./draft.ts";
import { useEffectOf } from "./effect.ts";
import styles from "./effect.module.css";

type Check = PreviewDevice["checks"][number];
type Finding = Check["findings"][number];

/** The sentence's parts, the most important first; "nothing changes" alone when that is so. */
function effectWords(effect: PolicyPreview, texts: Texts["policies"]["effect"]): string[] {
  if (effect.changedDevices === 0) return [texts.none];
  const { alarms, recoveries, later } = effect;
  const laterDevices = Math.max(later.alarms.devices, later.recoveries.devices);
  const parts: [amount: number, words: (amount: number) => string][] = [
    [alarms.devices, texts.alarms],
    [recoveries.devices, texts.recoveries],
    [effect.starts, texts.starts],
    [effect.ends, texts.ends],
    [effect.cannotRun, texts.cannotRun],
    [laterDevices, texts.later],
    [effect.notJudged, texts.notJudged],
  ];
  const said = parts.filter(([amount]) => amount > 0).map(([amount, words]) => words(amount));
  return [texts.changed(effect.changedDevices), ...(alarms.devices === 0 ? [texts.noAlarms] : []), ...said];
}

/** Beside Save. @param policyId of the policy that is edited. */
export function PolicyEffect({ policyId, draft }: { policyId: string; draft: Draft }) {
  const { texts } = useSpeech();
  const words = texts.policies.effect;
  const [isOpen, setIsOpen] = useState(false);
  const { effect, error, isStale } = useEffectOf(policyId, draft);
  const isRefused = error instanceof ApiError && error.code === "INVALID_REQUEST";
  if (error && !isStale) {
    return (
      <div className={styles["effect"]}>
        {isRefused && <p>{words.notSavable}</p>}
        <ErrorNote error={error} />
      </div>
    );
  }
  if (!effect) return <div className={`${styles["effect"]} dimmed`}>{words.pending}</div>;
  const alarms = effect.alarms.devices > 0;
  return (
    <div className={styles["effect"]} data-stale={isStale || undefined}>
      <span className={styles["sentence"]}>
        <StateShape state={alarms ? "warning" : "ok"} /> {effectWords(effect, words).join(" · ")}
      </span>
      {isStale && <span className="visually-hidden">{words.outdated}</span>}
      {effect.changedDevices > 0 && (
        <Button size="compact-sm" variant="subtle" onClick={() => setIsOpen(true)}>
          {words.show}
        </Button>
      )}
      {isOpen && <EffectDialog effect={effect} onClose={() => setIsOpen(false)} />}
    </div>
  );
}

function EffectDialog({ effect, onClose }: { effect: PolicyPreview; onClose: () => void }) {
  const { texts } = useSpeech();
  const words = texts.policies.effect;
  return (
    <Dialog onClose={onClose} size="xl" title={words.title}>
      <ul className={styles["sums"]}>
        {effectWords(effect, words).map((part) => (
          <li key={part}>{part}</li>
        ))}
      </ul>
      {effect.devices.length < effect.changedDevices && (
        <p className="dimmed">{words.listed(effect.devices.length, effect.changedDevices)}</p>
      )}
      <ul className={styles["devices"]}>
        {effect.devices.map((device) => (
          <li key={device.deviceId}>
            <div className={styles["device"]}>
              <DeviceLink deviceId={device.deviceId}>{device.deviceName}</DeviceLink>
              <span className="dimmed">
                {device.customerName} · {device.siteName}
                {!device.isConnected && ` · ${words.notConnected}`}
              </span>
            </div>
            {device.checks.map((check) => (
              <CheckEffect key={`${check.check} ${check.instance}`} check={check} />
            ))}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function CheckEffect({ check }: { check: Check }) {
  const { texts, checkTexts } = useSpeech();
  const words = texts.policies.effect;
  const about = checkTexts(check.check);
  const sourceWords = useSourceWords();
  const common: Record<string, string> = texts.device.commonSettings;
  // What starts has all its settings from somewhere; those that nobody set are not worth a line.
  const settings = check.settings.filter(({ source }) => check.effect === "changes" || source.scope !== "default");
  return (
    <div className={styles["check"]}>
      <div>
        {about.name}
        {check.instance && ` (${check.instance})`} <span className="dimmed">{words.effects[check.effect]}</span>
      </div>
      {check.findings.map((finding) => (
        <FindingEffect key={`${finding.code} ${finding.subject}`} check={check.check} finding={finding} />
      ))}
      {check.notJudged && <div className="dimmed">{words.notJudgedReasons[check.notJudged]}</div>}
      {settings.map(({ name, before, after, source }) => (
        <div key={name} className={styles["setting"]}>
          <span>{common[name] ?? about.settingLabel(name)}:</span>{" "}
          {check.effect === "changes" && (
            <>
              <del aria-label={words.from}>{about.settingValue(name, before)}</del> →{" "}
            </>
          )}
          <ins aria-label={words.to}>{about.settingValue(name, after)}</ins>
          <span className="dimmed"> {words.by(sourceWords(source))}</span>
        </div>
      ))}
    </div>
  );
}

function FindingEffect({ check, finding }: { check: string; finding: Finding }) {
  const { texts, checkTexts } = useSpeech();
  const words = texts.policies.effect;
  const { kind, code, subject, severity, reason, evidence } = finding;
  const about = checkTexts(check);
  return (
    <div className={styles["finding"]}>
      <StateMark state={kind === "close" ? "ok" : severity}>{words.kinds[kind]}</StateMark>{" "}
      <span>{evidence ? about.title({ code, subject, evidence }) : subject || about.name}</span>
      {reason && <span className="dimmed"> {words.reasons[reason]}</span>}
    </div>
  );
}
