/** systemd's journal. What its texts are compared with was written by the kernel and by systemd, which speak English everywhere. */
import type { NoDataCodeOf } from "@hauswart/protocol/check.ts";
import { bookmarkFrom, readJournal, type JournalWish } from "@hauswart/agent/readers/journal/read-journal.ts";
import type { JournalEntry } from "@hauswart/agent/readers/journal/journal-file.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { CuratedRule } from "../protocol/curated.ts";
import type { Level, OwnRule } from "../protocol/own-rule.ts";
import { fitsAny } from "@hauswart/agent/readers/names.ts";
import type { EventReader, ReadRequest } from "./event-reader.ts";
import type { CuratedFit, EventReading, Occurrence } from "./occurrence.ts";
import type { eventLog } from "../protocol.ts";

/** Of one reading; the others are counted. 5,000 entries take a tenth of a second. */
const entriesOfWish = 5_000;
const fields = ["MESSAGE", "PRIORITY", "SYSLOG_IDENTIFIER", "_COMM", "_TRANSPORT", "MESSAGE_ID", "UNIT"];

/** sd-messages(3): a program dumped its core; a unit failed with a result. */
const messageIds = { coreDump: "fc2e22bc6ee647b6b90729ab34a250b1", unitFailed: "d9b373ed55a64feb8242e02dbe79a49c" };
/** They call a wrong password critical, which is the subject of another check. */
const signInPrograms = ["sudo", "su", "sshd", "sshd-session", "login", "polkitd", "doas"];

const kernel =
  (pattern: RegExp) =>
  ({ log, text }: Occurrence) =>
    log === "kernel" && pattern.test(text);

const curated: readonly CuratedFit<CuratedRule>[] = [
  // A drive for discs or floppies without a readable medium says the same.
  {
    rule: "disk-error",
    fits: kernel(
      /(?:I\/O error, dev |Buffer I\/O error on dev(?:ice)? |critical (?:medium|target|nexus) error, dev )(?!sr\d|fd\d|loop\d)|Unrecovered read error|Add\. Sense: Unrecovered|ata\d+\.\d+: (?:failed command|error: \{ UNC)|nvme\S* .*(?:controller is down|Device not ready; aborting)/,
    ),
  },
  {
    rule: "storage-reset",
    fits: kernel(/ata\d+: (?:hard|soft) resetting link|nvme\S* .*I\/O .*timeout|scsi .*(?:timing out command|abort)/),
  },
  {
    rule: "file-system-error",
    fits: kernel(
      /EXT[234]-fs error|EXT[234]-fs \(\S+\): (?:Remounting filesystem read-only|error)|XFS \(\S+\): .*(?:[Cc]orruption|Shutting down filesystem|Internal error)|BTRFS (?:critical|error)|F2FS-fs .*(?:error|corrupt)|FAT-fs \(\S+\): error/,
    ),
  },
  { rule: "raid-degraded", fits: kernel(/md\/raid\S*: .*(?:Disk failure on|Operation continuing on)|md: kicking non-fresh/) },
  {
    rule: "hardware-error",
    fits: kernel(/\[Hardware Error\]|Machine [Cc]heck (?:events logged|Exception)|EDAC .*\d+ UE |PCIe Bus Error: severity=Uncorrected/),
  },
  { rule: "hardware-corrected", fits: kernel(/EDAC .*\d+ CE |PCIe Bus Error: severity=Corrected/) },
  { rule: "overheating", fits: kernel(/temperature above threshold|critical temperature reached/) },
  { rule: "memory-exhausted", fits: kernel(/(?:Out of memory|Memory cgroup out of memory): Kill/) },
  { rule: "system-crash", fits: kernel(/^(?:BUG: (?!soft lockup)|kernel BUG at|Oops: |general protection fault|Kernel panic)/) },
  { rule: "system-stalls", fits: kernel(/soft lockup|hard LOCKUP|^INFO: task .* blocked for more than|self-detected stall on CPU/) },
  {
    rule: "program-crash",
    fits: ({ log, text, eventId }) => eventId === messageIds.coreDump || (log === "kernel" && /\]: segfault at |^traps: /.test(text)),
  },
  { rule: "service-failed", fits: ({ eventId }) => eventId === messageIds.unitFailed },
  { rule: "critical-entry", fits: ({ level, source }) => level === "critical" && !signInPrograms.includes(source) },
];

/** PRIORITY counts from 0 (emerg) to 7 (debug). GLib's programs use 2 for what they call critical, which is a mistake of theirs and no trouble. */
const levelOf = (priority: string): Level =>
  priority === "0" || priority === "1"
    ? "critical"
    : priority === "2" || priority === "3"
      ? "error"
      : priority === "4"
        ? "warning"
        : "information";
const priorityLimits: Readonly<Record<Level, number>> = { critical: 1, error: 3, warning: 4, information: 7 };

function occurrenceOf({ atMs, fields: said }: JournalEntry): Occurrence {
  const log = said.get("_TRANSPORT") ?? "";
  return {
    at: atMs,
    log,
    source: said.get("SYSLOG_IDENTIFIER") ?? said.get("_COMM") ?? (log === "kernel" ? "kernel" : ""),
    eventId: said.get("MESSAGE_ID") ?? "",
    level: levelOf(said.get("PRIORITY") ?? "6"),
    text: said.get("MESSAGE") ?? "",
  };
}

/** What a rule of one's own asks the journal for: its sources when it names some, else all entries of its level. */
function wishOf(rule: OwnRule): JournalWish {
  if (rule.sources.length > 0)
    return { field: "SYSLOG_IDENTIFIER", isWanted: (value) => fitsAny(rule.sources, value), limit: entriesOfWish };
  return { field: "PRIORITY", isWanted: (value) => Number(value) <= priorityLimits[rule.level], limit: entriesOfWish };
}

function wishesOf({ isCurated, ownRules }: ReadRequest): JournalWish[] {
  const ids = Object.values(messageIds);
  const forCurated: JournalWish[] = [
    { field: "PRIORITY", isWanted: (value) => value === "0" || value === "1", limit: entriesOfWish },
    { field: "_TRANSPORT", isWanted: (value) => value === "kernel", limit: entriesOfWish },
    { field: "MESSAGE_ID", isWanted: (value) => ids.includes(value), limit: entriesOfWish },
  ];
  return [...(isCurated ? forCurated : []), ...ownRules.map(wishOf)];
}

async function read(request: ReadRequest): Promise<Collected<EventReading, NoDataCodeOf<typeof eventLog>>> {
  const { os, memory, sinceMs } = request;
  const seen = (memory.values.get("seen") as Set<string> | undefined) ?? new Set<string>();
  memory.values.set("seen", seen);
  const reading = await readJournal(os, wishesOf(request), fields, bookmarkFrom(request.bookmark) ?? { sinceMs, files: {} }, seen);
  if (!reading) return { noData: "no-journal" };
  const { entries, unreadCount, bookmark, problem } = reading;
  return { ok: { occurrences: entries.map(occurrenceOf), unreadCount, bookmark, problem } };
}

export const reader: EventReader = { curated, read };
