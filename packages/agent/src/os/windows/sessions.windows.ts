/** Who is signed in. https://learn.microsoft.com/windows/win32/api/wtsapi32/ */
import type { WindowsSession } from "./calls.ts";
import { bytesAt, fileTimeMs, lastError, library, wideTextAt, windowsError } from "./library.ts";

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
const clientProtocol = 16;
const sessionInfoEx = 25;
/** WTSClientProtocolType: 0 the console, 2 RDP. */
const remoteDesktop = 2;
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

/**
 * WTSINFOEXW, level 1: WTSINFOEX_LEVEL1_W begins at 8, its times at 168 (signed in), 192 (last input) and 200 (now), each a FILETIME, 0 where it is
 * not known. SessionFlags: 0 locked, 1 not, anything else unknown; Windows 7 and Server 2008 R2 say it the other way round, and run no agent.
 */
export function parseSessionDetails(bytes: Buffer): Pick<WindowsSession, "signedInAtMs" | "isLocked" | "idleMs"> {
  if (bytes.length < 208 || bytes.readUInt32LE(0) !== 1) return noDetails;
  const [signedIn, input, now] = [168, 192, 200].map((at) => bytes.readBigUInt64LE(at)) as [bigint, bigint, bigint];
  const flags = bytes.readUInt32LE(16);
  return {
    signedInAtMs: signedIn > 0n ? fileTimeMs(signedIn) : null,
    isLocked: flags === 0 ? true : flags === 1 ? false : null,
    idleMs: input > 0n && now >= input ? Number((now - input) / 10_000n) : null,
  };
}

const noDetails = { signedInAtMs: null, isLocked: null, idleMs: null } as const;

/** What Windows says of a session; undefined where it does not. @param read is given the answer's address and its length */
function askSession<Answer>(sessionId: number, what: number, read: (address: bigint, length: number) => Answer): Answer | undefined {
  const [address, size] = [Buffer.alloc(8), Buffer.alloc(4)];
  if (wts().WTSQuerySessionInformationW(thisServer, sessionId, what, address, size) === 0) return undefined;
  const answer = address.readBigUInt64LE();
  try {
    return read(answer, size.readUInt32LE());
  } finally {
    wts().WTSFreeMemory(answer);
  }
}

/** A text of a session; empty where there is none. */
const sessionText = (sessionId: number, what: number): string => askSession(sessionId, what, wideTextAt) ?? "";

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
      return {
        ...session,
        user: user && domain ? `${domain}\\${user}` : user,
        isConsole: session.sessionId === consoleSession,
        isRemote:
          askSession(session.sessionId, clientProtocol, (at, size) => size >= 2 && bytesAt(at, 2).readUInt16LE() === remoteDesktop) ??
          false,
        ...(askSession(session.sessionId, sessionInfoEx, (at, size) => parseSessionDetails(bytesAt(at, size))) ?? noDetails),
      };
    });
  } finally {
    wts().WTSFreeMemory(list);
  }
}
