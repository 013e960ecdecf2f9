/**
 * systemd's watchdog: the main loop says every so often that it lives, and the service manager ends and starts a service that does not
 * (WatchdogSec, systemd.service(5)). Said by systemd's own small program, once a minute: a native call for it would keep 2.4 MB of the
 * agent, and a thread that watches instead 5.7 MB (docs/decisions/0017-agent-updates.md).
 */

/** Of three that are due, two may be lost. */
const perLimit = 3;

/** @returns false where no service manager watches this process. */
export function followServiceWatchdog(environment: Readonly<Record<string, string | undefined>>): boolean {
  const limitMs = Number(environment["WATCHDOG_USEC"]) / 1_000;
  if (!environment["NOTIFY_SOCKET"] || !(limitMs > 0)) return false;
  const say = () => {
    try {
      const child = Bun.spawn(["systemd-notify", "WATCHDOG=1"], { stdin: "ignore", stdout: "ignore", stderr: "ignore" });
      child.unref();
    } catch {
      // No room for another process just now; the next one is due soon enough.
    }
  };
  say();
  setInterval(say, limitMs / perLimit).unref();
  return true;
}
