/** Who is signed in, by the sessions of Windows. */
import type { SignedInPerson } from "@hauswart/protocol/wire/messages.ts";
import type { SignedInAtSystem } from "../signed-in.ts";
import type { WindowsCalls, WindowsSession } from "./calls.ts";

/** Without key or movement for so long, nobody sits there. */
const idleAfterMs = 15 * 60_000;

/** Windows tells a service of its sessions by messages that go to its control handler alone; asking costs microseconds. */
export const windowsSignedIn = (windows: Pick<WindowsCalls, "sessions">): SignedInAtSystem => ({
  everyMs: 60_000,
  read: async () => (await windows.sessions()).flatMap((session) => personOf(session) ?? []),
});

/** undefined for a session that is nobody's: of the services, or one that waits for somebody. */
export function personOf(session: WindowsSession): SignedInPerson | undefined {
  if (session.user === "") return undefined;
  const by = session.isRemote ? "remote-desktop" : "screen";
  return { name: session.user, by, since: session.signedInAtMs, state: stateOf(session) };
}

function stateOf({ state, isLocked, idleMs }: WindowsSession): SignedInPerson["state"] {
  if (state === "disconnected") return "disconnected";
  if (isLocked) return "locked";
  if (idleMs !== null && idleMs >= idleAfterMs) return "idle";
  return state === "active" ? "active" : null;
}
