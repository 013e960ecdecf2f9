/** Who is signed in. https://learn.microsoft.com/windows/win32/api/wtsapi32/ */
import type { WindowsSession } from "./calls.ts";
import { bytesAt, lastError, library, wideTextAt, windowsError } from "./library.ts";

const wts = library("wtsapi32.dll", {
  WTSEnumerateSessionsW: ["status", "handle", "u32", "u32", "pointer", "pointer"],
  WTSQuerySessionInformationW: ["status", "handle", "u32", "u32", "pointer", "pointer"],
  WTSFreeMemory: ["void", "address"],
});
const kernel = library("kernel32.dll", { WTSGetActiveConsoleSessionId: ["u32"] });

const thisServer = 0n;
/** WTS_INFO_CLASS */
const userName = 5;
const domainName = 7;
/** WTS_CONNECTSTATE_CLASS, from 0. */
const states = ["active", "connected", "other", "other", "disconnected", "idle", "listening"] as const;
/** WTS_SESSION_INFOW: number, address of a name, state. */
const entryBytes = 24;

/** Reads the entries of WTSEnumerateSessionsW. */
export function parseSessions(bytes: Buffer, count: number): Pick<WindowsSession, "sessionId" | "state">[] {
  return Array.from({ length: count }, (_, index) => ({
    sessionId: bytes.readUInt32LE(index * entryBytes),
    state: states[bytes.readUInt32LE(index * entryBytes + 16)] ?? "other",
  }));
}

/** A text of a session; empty where there is none. */
function sessionText(sessionId: number, what: number): string {
  const [address, size] = [Buffer.alloc(8), Buffer.alloc(4)];
  if (wts().WTSQuerySessionInformationW(thisServer, sessionId, what, address, size) === 0) return "";
  const text = address.readBigUInt64LE();
  try {
    return wideTextAt(text);
  } finally {
    wts().WTSFreeMemory(text);
  }
}

/** See `WindowsCalls.sessions`. */
export function listSessions(): WindowsSession[] {
  const [address, count] = [Buffer.alloc(8), Buffer.alloc(4)];
  if (wts().WTSEnumerateSessionsW(thisServer, 0, 1, address, count) === 0) throw windowsError("WTSEnumerateSessions", lastError());
  const list = address.readBigUInt64LE();
  try {
    const length = count.readUInt32LE();
    const consoleSession = kernel().WTSGetActiveConsoleSessionId();
    return parseSessions(bytesAt(list, length * entryBytes), length).map((session) => {
      const [user, domain] = [sessionText(session.sessionId, userName), sessionText(session.sessionId, domainName)];
      return { ...session, user: user && domain ? `${domain}\\${user}` : user, isConsole: session.sessionId === consoleSession };
    });
  } finally {
    wts().WTSFreeMemory(list);
  }
}
