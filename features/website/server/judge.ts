/** How a website's answer is judged; README.md says it in words. Beyond a threshold counts, exactly on it does not. */
import type { CheckState, CodeOf, Evidence, Judge, JudgementOf, SampleOf, Verdict } from "@hauswart/protocol/check.ts";
import { fitsPattern } from "@hauswart/protocol/name-pattern.ts";
import type { website } from "../protocol.ts";

type Sample = SampleOf<typeof website>;
type Settings = JudgementOf<typeof website>;
type WebsiteVerdict = Verdict<CodeOf<typeof website>>;

const dayMs = 86_400_000;
const subject = "";

export const judge: Judge<typeof website> = ({ sample, settings, at }) => {
  const { url, finalUrl, outcome, problem, totalMs, isCut = false } = sample;
  const status = sample.status === "" ? null : Number.parseInt(sample.status, 10) || 0;
  const evidence: Evidence = { url, finalUrl, outcome, problem, status, totalMs, address: sample.address, httpVersion: sample.httpVersion };
  const isAnswered = outcome === "answered" && status !== null;
  const verdict = (code: WebsiteVerdict["code"], state: CheckState, more: Evidence = {}): WebsiteVerdict => ({
    code,
    subject,
    state,
    evidence: { ...evidence, ...more },
  });
  /** Without an answer the one finding says so, and of the rest nothing is known: its texts and certificate are not even named. */
  const answered = (code: WebsiteVerdict["code"], state: CheckState, more: Evidence) => verdict(code, isAnswered ? state : "unknown", more);
  return [
    isAnswered ? verdict("unreachable", "ok") : { ...verdict("unreachable", "failure"), hides: "all" },
    answered("status", statusState(status ?? 0, settings.acceptedStatus), { acceptedStatus: settings.acceptedStatus.join(", ") }),
    ...sample.texts.map(({ text, wanted, found }): WebsiteVerdict => ({
      code: "text",
      subject: text,
      // A text that was not found may stand in what was not read.
      state: !found && isCut ? "unknown" : found === (wanted === "present") ? "ok" : "failure",
      evidence: { ...evidence, wanted, found, isCut },
    })),
    ...(settings.leadsTo === ""
      ? []
      : [answered("redirect", fits(settings.leadsTo, finalUrl) ? "ok" : "failure", { leadsTo: settings.leadsTo })]),
    ...certificateVerdicts(sample, settings, at, verdict),
    ...(settings.slowWarningMs > 0
      ? [answered("slow", totalMs > settings.slowWarningMs ? "warning" : "ok", { slowWarningMs: settings.slowWarningMs })]
      : []),
    ...sizeVerdicts(sample, settings, answered),
  ];
};

/** Ranges that cannot be read accept nothing; when none can be read, nobody knows. */
function statusState(status: number, accepted: readonly string[]): CheckState {
  const ranges = accepted.flatMap((text) => {
    const [, from, to] = /^\s*(\d{3})\s*(?:-\s*(\d{3})\s*)?$/.exec(text) ?? [];
    return from === undefined ? [] : [[Number(from), Number(to ?? from)] as const];
  });
  if (ranges.length === 0) return "unknown";
  return ranges.some(([from, to]) => status >= from && status <= to) ? "ok" : "failure";
}

/** Whether an address fits a pattern; a slash at the end of either makes no difference where it is written out. */
const fits = (pattern: string, url: string): boolean => fitsPattern(pattern, url) || `${url}/` === pattern || url === `${pattern}/`;

function certificateVerdicts(
  { certificateProblem, certificateValidTo, certificateSubject, certificateIssuer }: Sample,
  { trustNeeded, certificateWarningDays, certificateFailureDays }: Settings,
  at: number,
  verdict: (code: "certificate", state: CheckState, more: Evidence) => WebsiteVerdict,
): WebsiteVerdict[] {
  if (certificateValidTo === null) return [];
  const leftDays = Math.floor((certificateValidTo - at) / dayMs);
  const endsIn = (days: number) => days > 0 && certificateValidTo - at < days * dayMs;
  const isDistrusted = trustNeeded && certificateProblem !== "";
  const state = isDistrusted || endsIn(certificateFailureDays) ? "failure" : endsIn(certificateWarningDays) ? "warning" : "ok";
  return [
    verdict("certificate", state, {
      certificateProblem,
      certificateValidToAtMs: certificateValidTo,
      leftDays,
      certificateSubject,
      certificateIssuer,
    }),
  ];
}

function sizeVerdicts(
  { bodyBytes, isCut = false }: Sample,
  { smallestBytes, largestBytes }: Settings,
  answered: (code: "size", state: CheckState, more: Evidence) => WebsiteVerdict,
): WebsiteVerdict[] {
  if (smallestBytes === 0 && largestBytes === 0) return [];
  const isTooLarge = bodyBytes !== null && largestBytes > 0 && bodyBytes > largestBytes;
  const isTooSmall = bodyBytes !== null && bodyBytes < smallestBytes;
  // A page that was cut is larger than what was read of it, and nobody knows by how much.
  const isOpen = isCut && !isTooLarge && (largestBytes > 0 || isTooSmall);
  const state: CheckState = isOpen ? "unknown" : isTooLarge || isTooSmall ? "warning" : "ok";
  return [answered("size", state, { bodyBytes, smallestBytes, largestBytes })];
}
