/** Who is signed in, by who(1). */
import type { SignedInPerson } from "@hauswart/protocol/wire/messages.ts";
import { OsError, type Os } from "../os.ts";
import type { SignedInAtSystem } from "../signed-in.ts";

export const macosSignedIn = (run: Os["run"]): SignedInAtSystem => ({
  // A program of its own each time.
  everyMs: 300_000,
  async read() {
    const { exitCode, stdout, stderr } = await run("who", []);
    if (exitCode !== 0) throw new OsError("COLLECT_UNREADABLE", `who ended with ${exitCode}: ${stderr.trim()}`);
    return parseWho(stdout, Date.now());
  },
});

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * Understands who(1): `anna  console  Nov 22 08:12` and `anna  ttys001  Nov 22 09:30 (192.168.1.5)`, in the computer's own time zone. A
 * terminal without an address is a window of the screen, whose person stands there already.
 */
export function parseWho(output: string, nowMs: number): SignedInPerson[] {
  return output.split("\n").flatMap((line): SignedInPerson[] => {
    const [, name, terminal, month, day, hour, minute, host] =
      /^(\S+)\s+(\S+)\s+([A-Z][a-z]{2})\s+(\d{1,2})\s+(\d{2}):(\d{2})(?:\s+\((.*)\))?\s*$/.exec(line) ?? [];
    if (name === undefined || terminal === undefined || (terminal !== "console" && !host)) return [];
    const since = newestSuch(nowMs, months.indexOf(month!), Number(day), Number(hour), Number(minute));
    return [{ name, by: terminal === "console" ? "screen" : "ssh", since, state: null }];
  });
}

/** The year is not told: the last one in which this was not to come yet. */
function newestSuch(nowMs: number, month: number, day: number, hour: number, minute: number): number | null {
  if (month < 0) return null;
  const year = new Date(nowMs).getFullYear();
  const inYear = (one: number) => new Date(one, month, day, hour, minute).getTime();
  return inYear(year) <= nowMs + 60_000 ? inYear(year) : inYear(year - 1);
}
