/** The Security log of Windows, by numbers and named data; never by text, which is in the language of the system. */
import type { WindowsEvent, WindowsEvents } from "@hauswart/agent/os/windows/calls.ts";
import { logPlaceFrom, newSince, readNew } from "@hauswart/agent/readers/windows-log.ts";
import type { Attempt, ReadAttempts, Successes } from "./attempt.ts";
import { conditionsOf } from "./suspects.windows.ts";

const channel = "Security";
/** 4625 a sign-in failed, 4776 the same by NTLM, 4771 by Kerberos (domain controllers), 4740 an account was locked; 4624 one succeeded. */
const ids = { failed: 4625, ntlm: 4776, kerberos: 4771, locked: 4740, succeeded: 4624 };
const failureQuery = `(EventID=${ids.failed} or EventID=${ids.ntlm} or EventID=${ids.kerberos} or EventID=${ids.locked})`;
const eventsAtOnce = 500;
const eventLimit = 10_000;
const suspectLimit = 10;
const writtenLimit = 300;
const writingsOfAccount = 4;
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

/** Windows takes names in any case, and with their domain before or after them. */
export function accountOf(name: string): string {
  const bare = name.replace(/^.*\\/, "").replace(/@.*$/, "").trim();
  return (bare === "" ? name : bare).toLowerCase();
}

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
  const account = accountOf(said(event, "TargetUserName"));
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
      service !== "ntlm" || !others.some((other) => other.account === account && Math.abs(other.at - at) <= sameFailureMs),
  );
}

/** How accounts were written last, by the name they are counted under: that alone need not lead to the account. */
function rememberWritten(values: Map<string, unknown>, failures: readonly WindowsEvent[]): ReadonlyMap<string, readonly string[]> {
  const written = (values.get("written") as Map<string, readonly string[]> | undefined) ?? new Map<string, readonly string[]>();
  values.set("written", written);
  for (const event of failures) {
    const name = said(event, "TargetUserName");
    const domain = event.eventId === ids.locked ? "" : said(event, "TargetDomainName");
    const whole = domain === "" || /[\\@]/.test(name) ? name : `${domain}\\${name}`;
    const account = accountOf(name);
    const others = (written.get(account) ?? []).filter((one) => one !== whole);
    written.delete(account);
    written.set(account, [whole, ...others].slice(0, writingsOfAccount));
  }
  for (const account of [...written.keys()].slice(0, Math.max(0, written.size - writtenLimit))) written.delete(account);
  return written;
}

export const readAttempts: ReadAttempts = async ({ os, bookmark, sinceMs, nowMs, memory: { values }, signal }) => {
  const calls = await os.windows();
  const { events } = calls;
  if (!(await events.channels()).includes(channel)) return { noData: "no-security-log" };
  const before = logPlaceFrom(bookmark);
  const fresh = await newSince(events, channel, before);
  const since = before ? "" : ` and TimeCreated[@SystemTime>='${new Date(sinceMs).toISOString()}']`;
  const read = (wanted: string, data = "") =>
    readNew(events, channel, fresh, { query: `*[System[${wanted}${since}]${data}]`, limit: eventLimit, atOnce: eventsAtOnce, signal });
  const { entries, unreadCount, place } = await read(failureQuery);
  const attempts = withoutDoubles(entries.flatMap((event) => attemptOf(event) ?? [])).sort((one, other) => one.at - other.at);
  const written = rememberWritten(values, entries);
  const successesOf = async (accounts: readonly string[]): Promise<Successes> => {
    const found = { attempts: [] as Attempt[], unreadCount: 0 };
    if (fresh.isUnchanged) return found;
    const suspects = accounts.slice(0, suspectLimit);
    for (const { account, condition } of await conditionsOf(calls, suspects, written, { values, nowMs, signal })) {
      const successes = await read(`(EventID=${ids.succeeded})`, ` and EventData[${condition}]`);
      found.unreadCount += successes.unreadCount;
      // Under the name that was guessed at, whatever else Windows calls the account.
      found.attempts.push(...successes.entries.flatMap((event) => attemptOf(event) ?? []).map((one) => ({ ...one, account })));
    }
    return found;
  };
  const problem = await whyNoEvidence(events, values, entries.length > 0);
  return { ok: { attempts, unreadCount, bookmark: place, problem, successesOf } };
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
