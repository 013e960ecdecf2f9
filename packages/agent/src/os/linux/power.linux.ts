/**
 * The computer's sleep as systemd-logind announces it (org.freedesktop.login1(5), PrepareForSleep). No inhibitor lock is taken: it is
 * held by a file descriptor, which the agent's D-Bus client cannot receive (docs/decisions/0004); what is said takes a moment and is sent at once.
 */
import type { SystemBus } from "../os.ts";

const match =
  "type='signal',sender='org.freedesktop.login1',path='/org/freedesktop/login1',interface='org.freedesktop.login1.Manager',member='PrepareForSleep'";

/** See `System.watchPower`. */
export async function watchPower(bus: SystemBus, hear: (event: "sleep" | "wake") => void, lost: () => void): Promise<() => void> {
  const end = await bus.onSignal(match, ({ body: [isBefore] }) => {
    if (typeof isBefore === "boolean") hear(isBefore ? "sleep" : "wake");
  });
  bus.onClose(lost);
  return end;
}
