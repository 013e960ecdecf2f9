/** The Security log of Windows, by numbers and named data; never by text, which is in the language of the system. */
import type { WindowsEvent, WindowsEvents } from "@hauswart/agent/os/windows/calls.ts";
import type { Attempt, ReadAttempts } from "./attempt.ts";

const channel = "Security";
/** 4625 a sign-in failed, 4776 the same by NTLM, 4771 by Kerberos (domain controllers), 4740 an account was locked; 4624 one succeeded. */
const ids = { failed: 4625, ntlm: 4776, kerberos: 4771, locked: 4740, succeeded: 4624 };
const failureQuery = `(EventID=${ids.failed} or EventID=${ids.ntlm} or EventID=${ids.kerberos} or EventID=${ids.locked})`;
const eventsAtOnce = 500;
const eventLimit = 10_000;
const suspectLimit = 10;
/** NTSTATUS and Kerberos: no such user; the password is right, and another reason kept it out. */
const noSuchUser = ["0xc0000064", "0x6"];
/** 4776 also tells of sign-ins that worked. */
const success = "0x0";
/** The same failure is told by 4776 and 4625 within this. */
const sameFailureMs = 2_000;
const logonTypes: Readonly<Record<string, string>> = {
  "2": "console",
  "3": "network",
  "4": "batch",
  "5": "service",
  "7": "unlock",
  "8": "network-cleartext",
  "9": "new-credentials",
  "10": "remote-desktop",
  "11": "console-cached",
};

interface Bookmark {
  /** A decimal: record numbers have 64 bits. */
  readonly record: string;
  readonly at: number;
}

function bookmarkFrom(kept: unknown): Bookmark | undefined {
  const { record, at } = (kept ?? {}) as Partial<Bookmark>;
  return typeof record === "string" && /^\d+$/.test(record) && typeof at === "number" ? { record, at } : undefined;
}

const iso = (atMs: number) => new Date(atMs).toISOString();
const said = (event: WindowsEvent, name: string) => {
  const value = event.data[name]?.trim() ?? "";
  return value === "-" ? "" : value;
};
/** Addresses of this computer itself say nothing of where somebody sits. */
const sourceOf = (event: WindowsEvent) => {
  const address = said(event, "IpAddress").replace(/^::ffff:/i, "");
  if (address !== "" && address !== "127.0.0.1" && address !== "::1") return address;
  const name = said(event, "WorkstationName") || said(event, "Workstation");
  return name.toLowerCase() === event.computer.split(".")[0]!.toLowerCase() ? "" : name;
};

/** One event; undefined for what is no failure. Exported for its test. */
export function attemptOf(event: WindowsEvent): Attempt | undefined {
  const account = said(event, "TargetUserName");
  const common = { at: event.at, account, exists: true, source: sourceOf(event), count: 1 };
  if (event.eventId === ids.locked) return { ...common, outcome: "locked", source: said(event, "TargetDomainName"), service: "windows" };
  if (event.eventId === ids.succeeded)
    return { ...common, outcome: "succeeded", service: logonTypes[said(event, "LogonType")] ?? "windows" };
  const status = (said(event, "SubStatus") || said(event, "Status")).toLowerCase();
  const whole = said(event, "Status").toLowerCase();
  if (event.eventId !== ids.failed && (status === success || whole === success)) return undefined;
  const exists = ![status, whole].some((one) => noSuchUser.includes(one));
  if (event.eventId === ids.failed)
    return { ...common, exists, outcome: "failed", service: logonTypes[said(event, "LogonType")] ?? "windows" };
  return { ...common, exists, outcome: "failed", service: event.eventId === ids.ntlm ? "ntlm" : "kerberos" };
}

/** NTLM's own record is left out where the sign-in's stands beside it. */
export function withoutDoubles(attempts: readonly Attempt[]): Attempt[] {
  const others = attempts.filter(({ service, outcome }) => service !== "ntlm" && outcome === "failed");
  return attempts.filter(
    ({ service, account, at }) =>
      service !== "ntlm" ||
      !others.some((other) => other.account.toLowerCase() === account.toLowerCase() && Math.abs(other.at - at) <= sameFailureMs),
  );
}

async function readAll(events: WindowsEvents, query: string, after: bigint | undefined, signal: AbortSignal) {
  const found: WindowsEvent[] = [];
  let unreadCount = 0;
  let last = after;
  for (;;) {
    const part = await events.read(channel, query, last, eventsAtOnce);
    for (const event of part) {
      if (found.length < eventLimit) found.push(event);
      else unreadCount++;
    }
    last = part.at(-1)?.recordId ?? last;
    if (part.length < eventsAtOnce || signal.aborted) return { found, unreadCount, last };
  }
}

/** Successes are many: only those of accounts that failed often are asked for. */
async function successesOf(events: WindowsEvents, suspects: readonly string[], sinceMs: number): Promise<WindowsEvent[]> {
  const found: WindowsEvent[] = [];
  for (const account of suspects.filter((name) => !/['"]/.test(name)).slice(0, suspectLimit)) {
    const query = `*[System[(EventID=${ids.succeeded}) and TimeCreated[@SystemTime>='${iso(sinceMs)}']] and EventData[Data[@Name='TargetUserName']='${account}']]`;
    found.push(...(await events.read(channel, query, undefined, 20)));
  }
  return found;
}

export const readAttempts: ReadAttempts = async ({ os, bookmark, sinceMs, nowMs, memory, signal, suspects }) => {
  const { events } = await os.windows();
  if (!(await events.channels()).includes(channel)) return { noData: "no-security-log" };
  const mark = bookmarkFrom(bookmark);
  const [newer] = mark ? await events.read(channel, `*[System[TimeCreated[@SystemTime>'${iso(mark.at + 1)}']]]`, undefined, 1) : [];
  // A log that was emptied counts from 1 again.
  const after = mark && !(newer && newer.recordId < BigInt(mark.record)) ? BigInt(mark.record) : undefined;
  const since = after === undefined ? ` and TimeCreated[@SystemTime>='${iso(mark?.at ?? sinceMs)}']` : "";
  const { found, unreadCount, last } = await readAll(events, `*[System[${failureQuery}${since}]]`, after, signal);
  const successes = await successesOf(events, suspects, mark?.at ?? sinceMs);
  const attempts = withoutDoubles([...found, ...successes].flatMap((event) => attemptOf(event) ?? [])).sort(
    (one, other) => one.at - other.at,
  );
  const next: Bookmark = { record: (last ?? 0n).toString(), at: found.at(-1)?.at ?? mark?.at ?? nowMs };
  return { ok: { attempts, unreadCount, bookmark: next, problem: await whyNoEvidence(events, memory.values, found.length > 0) } };
};

/** Whether failures are recorded at all is a policy. A log without a single one tells nothing, least of all that all is well. */
async function whyNoEvidence(events: WindowsEvents, values: Map<string, unknown>, hasFound: boolean): Promise<string> {
  if (hasFound || values.get("isRecorded") === true) {
    values.set("isRecorded", true);
    return "";
  }
  const [one] = await events.read(
    channel,
    `*[System[(EventID=${ids.failed} or EventID=${ids.ntlm} or EventID=${ids.kerberos})]]`,
    undefined,
    1,
  );
  values.set("isRecorded", one !== undefined);
  return one ? "" : "The Security log holds no failed sign-in; the audit policy may not record them (Logon, Failure).";
}
