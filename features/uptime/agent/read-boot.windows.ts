import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import type { WindowsCalls } from "@hauswart/agent/os/windows/calls.ts";
import type { Boot, BootReader, HowItEnded } from "./boot.ts";

/** Counts the starts of Windows. */
const bootCounter = "HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Memory Management\\PrefetchParameters";

/** The number of the start; else when the first process began, which stays the same however the clock is set. */
async function bootId(windows: WindowsCalls): Promise<string> {
  const count = await windows.registry.value(bootCounter, "BootId");
  if (typeof count === "number") return `start ${count}`;
  const starts = (await windows.processes()).flatMap(({ startedAtMs }) => startedAtMs ?? []);
  if (starts.length === 0) throw new OsError("COLLECT_UNREADABLE", "Windows does not tell its starts apart.", "does-not-tell: Windows");
  return `since ${Math.min(...starts)}`;
}

async function boot(os: Os): Promise<Boot> {
  const windows = await os.windows();
  const bootedAt = await windows.bootedAtMs();
  return { id: await bootId(windows), bootedAt, uptimeSeconds: Math.max(0, Math.round((Date.now() - bootedAt) / 1_000)) };
}

/**
 * At each start the event log says that it begins (6005), and, when the run before did not end in order, so do the kernel (41) and the
 * event log (6008), before or after that. At an orderly end it says that it stops (6006): what stands before that is of an earlier start.
 */
const tracesSince = (moment: number) =>
  `*[System[TimeCreated[@SystemTime>='${new Date(moment).toISOString()}'] and ((Provider[@Name='EventLog'] and (EventID=6005 or EventID=6006 or EventID=6008)) or (Provider[@Name='Microsoft-Windows-Kernel-Power'] and EventID=41))]]`;
const stopped = 6006;
const unexpected: readonly number[] = [41, 6008];
/** What is written down of a start may carry the time before the clock was set. */
const slackMs = 10 * 60_000;
const traceLimit = 100;

async function howThePreviousRunEnded(os: Os): Promise<HowItEnded> {
  const windows = await os.windows();
  try {
    const traces = tracesSince((await windows.bootedAtMs()) - slackMs);
    const read = await windows.events.read("System", traces, undefined, traceLimit);
    const written = read.toSorted((one, other) => (one.recordId < other.recordId ? -1 : 1)).map(({ eventId }) => eventId);
    const ofThisStart = written.slice(written.lastIndexOf(stopped) + 1);
    if (ofThisStart.some((eventId) => unexpected.includes(eventId))) return "unexpected";
    return ofThisStart.length > 0 ? "orderly" : "undetermined";
  } catch (error) {
    if (error instanceof OsError) return "undetermined";
    throw error;
  }
}

export const reader: BootReader = { boot, howThePreviousRunEnded };
