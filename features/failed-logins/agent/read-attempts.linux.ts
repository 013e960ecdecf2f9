import { bookmarkFrom, readJournal } from "@hauswart/agent/readers/journal/read-journal.ts";
import type { ReadAttempts } from "./attempt.ts";
import { attemptsFrom } from "./sign-in-messages.ts";

/** auth and authpriv (syslog(3)): what sshd, PAM, sudo and su write to. */
const facilities = ["4", "10"];
const entriesOfReading = 10_000;

export const readAttempts: ReadAttempts = async ({ os, bookmark, sinceMs, memory }) => {
  const seen = (memory.values.get("seen") as Set<string> | undefined) ?? new Set<string>();
  memory.values.set("seen", seen);
  const wish = { field: "SYSLOG_FACILITY", isWanted: (value: string) => facilities.includes(value), limit: entriesOfReading };
  const fields = ["MESSAGE", "SYSLOG_IDENTIFIER", "_COMM", "_PID", "SYSLOG_PID"];
  const reading = await readJournal(os, [wish], fields, bookmarkFrom(bookmark) ?? { sinceMs, files: {} }, seen);
  if (!reading) return { noData: "no-journal" };
  const records = reading.entries.map(({ atMs, fields: said }) => ({
    at: atMs,
    program: said.get("SYSLOG_IDENTIFIER") ?? said.get("_COMM") ?? "",
    processId: said.get("_PID") ?? said.get("SYSLOG_PID") ?? "",
    text: said.get("MESSAGE") ?? "",
  }));
  const { unreadCount, bookmark: next, problem } = reading;
  return { ok: { attempts: attemptsFrom(records), unreadCount, bookmark: next, problem } };
};
