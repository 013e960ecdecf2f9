import { readUnifiedLog } from "@hauswart/agent/readers/unified-log.ts";
import type { ReadAttempts } from "./attempt.ts";
import { attemptsFrom } from "./sign-in-messages.ts";

/** Of sign-ins at the screen macOS' log names nobody; of those by ssh and sudo it does. */
const predicate = [
  `(process BEGINSWITH "sshd" AND (eventMessage CONTAINS "authentication error for" OR eventMessage BEGINSWITH "Accepted "))`,
  `(process == "sudo" AND eventMessage CONTAINS " : ")`,
].join(" OR ");

export const readAttempts: ReadAttempts = async (request) => {
  const reading = await readUnifiedLog(request.os, predicate, request);
  if (!("ok" in reading)) return reading;
  const { entries, unreadCount, bookmark, problem } = reading.ok;
  const records = entries.map(({ atMs, process, text, key }) => ({ at: atMs, program: process, processId: key, text }));
  return { ok: { attempts: attemptsFrom(records, true), unreadCount, bookmark, problem, unmeasured: "screen" } };
};
