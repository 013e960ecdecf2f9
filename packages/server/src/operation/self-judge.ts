/** Whether all is well with the server itself. Pure: facts and what is open already, to problems. */
import type { Evidence } from "@hauswart/protocol/check.ts";
import type { ServerFindingCode } from "@hauswart/protocol/server-findings.ts";
import type { SelfFacts } from "./self-facts.ts";

/** Something about the server that somebody should know. A hint is shown, and never becomes a finding. */
export interface SelfProblem {
  readonly code: ServerFindingCode;
  /** Name of the chore, customer or calendar, or the address; empty for all that there is one of. */
  readonly subject: string;
  readonly severity: "hint" | "warning" | "failure";
  readonly evidence: Evidence;
}

/** Key of a problem among those of one provider. */
export const keyOfProblem = ({ code, subject }: Pick<SelfProblem, "code" | "subject">): string => `${code}\n${subject}`;

const gigabyte = 1_000_000_000;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** A database that grows needs room to breathe; below the lower one the server's log alone may fill it. */
const diskLowBytes = 5 * gigabyte;
const diskScarceBytes = gigabyte;
/** What has to be free again, in multiples of the limits, before the problem counts as over. */
const diskEase = 1.1;

/** A house that backs up daily has missed one; after a week hardly anybody would call it a backup. */
const backupOldMs = 2 * dayMs;
const backupAncientMs = 7 * dayMs;
/** A new installation is asked to back up before it is told off. */
const firstWeekMs = 7 * dayMs;

/** Enough for the usual renewal thirty days before the end to have failed a few times. */
const certificateSoonMs = 21 * dayMs;
const certificateVerySoonMs = 3 * dayMs;

/** Mail servers are restarted. */
const mailboxPatienceMs = 15 * minuteMs;

const sealLateMs = 10 * minuteMs;
/** What a chore may be late beyond the time between two of its slots: the queue makes up for one that was missed, once, within minutes of a start. */
const choreLateMs = 25 * hourMs;
const settlingMs = 30 * minuteMs;

/** Fewer clocks are no witnesses. */
const leastWitnesses = 3;
const clockOffMs = minuteMs;

/** A month, and some days for whoever was not there. */
const drillOverdueMs = 35 * dayMs;

/** Messages of one device may be that device's fault. */
const devicesQuarantined = 3;

/** @param isOpen whether a finding of this code and subject is open, and how severe: what wavers around a limit shall not open and close */
export function judgeSelf(facts: SelfFacts, isOpen: (code: ServerFindingCode) => "warning" | "failure" | undefined): SelfProblem[] {
  return [
    ...judgeMails(facts),
    ...judgeMailbox(facts),
    ...judgeDisk(facts, isOpen("disk-low")),
    ...judgeChores(facts),
    ...judgeBackup(facts),
    ...judgeCertificate(facts),
    ...judgeClock(facts),
    ...judgeDrills(facts),
    ...judgeCalendars(facts),
    ...judgeQuarantine(facts),
  ];
}

const problem = (code: ServerFindingCode, severity: SelfProblem["severity"], evidence: Evidence, subject = ""): SelfProblem => ({
  code,
  subject,
  severity,
  evidence,
});

function judgeMails({ mails }: SelfFacts): SelfProblem[] {
  return [
    ...(mails.stuck > 0 ? [problem("mail-stuck", "failure", { mails: mails.stuck })] : []),
    ...(mails.refused > 0 ? [problem("mail-refused", "warning", { mails: mails.refused })] : []),
  ];
}

function judgeMailbox({ unreachable, mailbox, nowMs }: SelfFacts): SelfProblem[] {
  const addresses = unreachable.map(({ subject, channel, via, sinceMs, reason, untold, dailyMailOf }) =>
    problem(
      "address-unreachable",
      untold > 0 ? "failure" : "warning",
      { reason, sinceMs, untold, channel, via, ...(dailyMailOf && { dailyMailOf }) },
      subject,
    ),
  );
  const failingMs = mailbox?.failingSinceMs === undefined ? 0 : nowMs - mailbox.failingSinceMs;
  if (!mailbox || failingMs < mailboxPatienceMs) return addresses;
  const evidence = { reason: mailbox.problem, forSeconds: Math.round(failingMs / 1_000) };
  return [...addresses, problem("mailbox-unread", failingMs < dayMs ? "warning" : "failure", evidence)];
}

function judgeDisk({ disk, isDatabaseFull }: SelfFacts, open: "warning" | "failure" | undefined): SelfProblem[] {
  const full = isDatabaseFull ? [problem("database-full", "failure", {})] : [];
  if (!disk) return full;
  const { folder, freeBytes, totalBytes } = disk;
  const isScarce = freeBytes < diskScarceBytes * (open === "failure" ? diskEase : 1);
  const isLow = freeBytes < diskLowBytes * (open ? diskEase : 1);
  if (!isLow) return full;
  return [...full, problem("disk-low", isScarce ? "failure" : "warning", { folder, freeBytes, totalBytes })];
}

/** The longest time between two slots, milliseconds: a day, unless the timetable names days of the week or month, or months. */
function longestGapMs(cron: string): number {
  const [, , dayOfMonth, month, dayOfWeek] = cron.split(" ");
  if (month !== "*") return 366 * dayMs;
  if (dayOfMonth !== "*") return 31 * dayMs;
  return dayOfWeek === "*" ? dayMs : 7 * dayMs;
}

function judgeChores({ chores, unsealedForMs, nowMs, upSinceMs }: SelfFacts): SelfProblem[] {
  const isSettled = nowMs - upSinceMs > settlingMs;
  const late = chores.flatMap(({ name, cron, failure, doneAtMs, scheduledSinceMs }) => {
    if (failure !== undefined) return [problem("chore-failed", "warning", { outcome: "failed", reason: failure.slice(0, 300) }, name)];
    const isOverdue = isSettled && nowMs - (doneAtMs ?? scheduledSinceMs) > longestGapMs(cron) + choreLateMs;
    return isOverdue ? [problem("chore-failed", "warning", { outcome: "overdue", ...(doneAtMs && { lastDoneAtMs: doneAtMs }) }, name)] : [];
  });
  return unsealedForMs > sealLateMs && isSettled
    ? [...late, problem("audit-unsealed", "failure", { forSeconds: Math.round(unsealedForMs / 1_000) })]
    : late;
}

function judgeBackup({ backup, nowMs, installedAtMs }: SelfFacts): SelfProblem[] {
  const { lastSuccess, lastFailure } = backup;
  const failed = lastFailure
    ? [problem("backup-failed", "failure", { failedAtMs: lastFailure.atMs, reason: lastFailure.problem.slice(0, 300) })]
    : [];
  if (!lastSuccess) return [...failed, problem("backup-missing", nowMs - installedAtMs < firstWeekMs ? "hint" : "warning", {})];
  const ageMs = nowMs - lastSuccess.atMs;
  if (ageMs <= backupOldMs) return failed;
  return [...failed, problem("backup-old", ageMs > backupAncientMs ? "failure" : "warning", { ageSeconds: Math.round(ageMs / 1_000) })];
}

function judgeCertificate({ certificateEndsAtMs, certificateProblem, nowMs }: SelfFacts): SelfProblem[] {
  const refused = certificateProblem === undefined ? [] : [problem("certificate-refused", "warning", { reason: certificateProblem })];
  if (certificateEndsAtMs === undefined) return refused;
  const leftMs = certificateEndsAtMs - nowMs;
  if (leftMs > certificateSoonMs) return refused;
  const severity = leftMs > certificateVerySoonMs ? "warning" : "failure";
  return [...refused, problem("certificate-ends", severity, { leftSeconds: Math.round(leftMs / 1_000), endsAtMs: certificateEndsAtMs })];
}

/** The middle clock of many is right more often than one's own, unless the devices follow this server. */
function judgeClock({ clockOffsetsMs }: SelfFacts): SelfProblem[] {
  if (clockOffsetsMs.length < leastWitnesses) return [];
  const sorted = clockOffsetsMs.toSorted((one, other) => one - other);
  const middle = sorted[Math.floor(sorted.length / 2)]!;
  if (Math.abs(middle) < clockOffMs) return [];
  const agreeing = sorted.filter((offset) => Math.abs(offset - middle) < clockOffMs / 2).length;
  // Clocks that differ among themselves say nothing about this one.
  if (agreeing * 3 < sorted.length * 2) return [];
  return [problem("clock-wrong", "warning", { offsetSeconds: Math.round(middle / 1_000), devices: sorted.length })];
}

function judgeQuarantine({ quarantined }: SelfFacts): SelfProblem[] {
  return quarantined.devices >= devicesQuarantined ? [problem("messages-quarantined", "failure", { ...quarantined })] : [];
}

function judgeDrills({ drills, nowMs }: SelfFacts): SelfProblem[] {
  return drills.flatMap(({ customerId, customerName, sinceMs, lastGoodAtMs, failure }) => {
    // The id is what the finding is erased by, together with its customer.
    if (failure !== undefined) return [problem("drill-failed", "warning", { reason: failure, customerId }, customerName)];
    const ageMs = nowMs - Math.max(sinceMs, lastGoodAtMs ?? 0);
    return ageMs > drillOverdueMs
      ? [problem("drill-overdue", "warning", { ageSeconds: Math.round(ageMs / 1_000), customerId }, customerName)]
      : [];
  });
}

const judgeCalendars = ({ idleCalendars }: SelfFacts): SelfProblem[] =>
  idleCalendars.map(({ name, isHouse, places }) => problem("calendar-without-days", "warning", { isHouse, places }, name));
