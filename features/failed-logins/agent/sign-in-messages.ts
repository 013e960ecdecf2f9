/**
 * What sshd, PAM, su and sudo write of sign-ins. They write it in English on every system. A failure is taken from one line alone:
 * sshd's own for ssh, sudo's own for sudo (PAM tells of the first of three wrong passwords alone), PAM's for everything else.
 */
import type { Attempt } from "./attempt.ts";

export interface SignInRecord {
  readonly at: number;
  /** Who wrote it: sshd, sudo, login. */
  readonly program: string;
  readonly processId: string;
  readonly text: string;
}

const isSshd = (program: string) => program === "sshd" || program === "sshd-session";
/** Failed public keys are no guesses: a program tries all keys that it has. */
const sshFailed = /^Failed (?:password|keyboard-interactive\/pam) for (invalid user )?(.*) from (\S+) port \d+/;
const sshAccepted = /^Accepted \S+ for (.*) from (\S+) port \d+/;
/** macOS' sshd leaves the telling to PAM. */
const sshPamFailed = /^error: PAM: authentication error for (illegal user )?(.*) from (\S+)/;
const pamFailed = /^pam_(\w+)\(([^:)]+):auth\): (?:(\d+) more )?authentication failures?; (.*)$/;
const pamUnknown = /^pam_\w+\([^:)]+:auth\): check pass; user unknown/;
const pamOpened = /^pam_unix\(([^:)]+):session\): session opened for user ([^\s(]+)/;
const sudoDone = /^\s*(\S+) : (?:[A-Z]+=.* ; )?COMMAND=/;
const sudoRefused = /^\s*(\S+) : (\d+) incorrect password attempts? ;/;
/** Sessions that no person opens. */
const silentServices = ["cron", "crond", "systemd-user", "sudo", "sshd", "runuser", "atd"];
/** Two modules of PAM tell of the same failure within this. */
const sameFailureMs = 3_000;

/** rhost=10.0.0.7 user=anna; a name may hold spaces, so the user comes last. */
function pamFields(text: string): { user: string; source: string } {
  const source = /\brhost=(\S*)/.exec(text)?.[1] ?? "";
  const user = /\buser=(.*)$/.exec(text)?.[1] ?? "";
  return { user: user.trim(), source };
}

/** @param records oldest first @param isMac sshd leaves the telling of failures to PAM there */
export function attemptsFrom(records: readonly SignInRecord[], isMac = false): Attempt[] {
  const unknownIn = new Set<string>();
  const lastPam = new Map<string, { module: string; at: number }>();
  return records.flatMap((record): Attempt[] => {
    const { at, program, processId, text } = record;
    const attempt = (rest: Omit<Attempt, "at" | "count"> & { count?: number }): Attempt[] => [{ at, count: 1, ...rest }];
    if (isSshd(program)) return sshAttempt(record, attempt, isMac);
    if (program === "sudo") return sudoAttempt(text, attempt);
    if (pamUnknown.test(text)) {
      unknownIn.add(processId);
      return [];
    }
    const [, module, service, more, words] = pamFailed.exec(text) ?? [];
    if (words !== undefined) {
      const { user, source } = pamFields(words);
      const key = `${processId} ${service} ${user}`;
      const last = lastPam.get(key);
      lastPam.set(key, { module: module!, at });
      if (last && last.module !== module && at - last.at <= sameFailureMs) return [];
      const exists = user !== "" && !unknownIn.has(processId);
      return attempt({ outcome: "failed", account: user, exists, source, service: service!, count: more === undefined ? 1 : Number(more) });
    }
    const [, opened, user] = pamOpened.exec(text) ?? [];
    if (opened === undefined || silentServices.includes(opened)) return [];
    return attempt({ outcome: "succeeded", account: user!, exists: true, source: "", service: opened });
  });
}

type Make = (rest: Omit<Attempt, "at" | "count"> & { count?: number }) => Attempt[];

function sshAttempt({ text }: SignInRecord, attempt: Make, isMac: boolean): Attempt[] {
  const service = "sshd";
  const failed = (isMac ? sshPamFailed : sshFailed).exec(text);
  if (failed) return attempt({ outcome: "failed", account: failed[2]!, exists: failed[1] === undefined, source: failed[3]!, service });
  const accepted = sshAccepted.exec(text);
  return accepted ? attempt({ outcome: "succeeded", account: accepted[1]!, exists: true, source: accepted[2]!, service }) : [];
}

function sudoAttempt(text: string, attempt: Make): Attempt[] {
  const service = "sudo";
  const refused = sudoRefused.exec(text);
  if (refused)
    return attempt({
      outcome: "failed",
      account: refused[1]!,
      exists: true,
      source: "",
      service,
      count: Math.min(100, Number(refused[2])),
    });
  const done = sudoDone.exec(text);
  return done ? attempt({ outcome: "succeeded", account: done[1]!, exists: true, source: "", service }) : [];
}
