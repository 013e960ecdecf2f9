/**
 * systemd's watchdog: the main loop says every so often that it lives, and the service manager ends and starts a service that does not
 * (WatchdogSec, systemd.service(5)). Said by a write to a line that was opened before the runtime was made frugal (watchdog-line.linux.ts),
 * because a native call for it would keep 2.4 MB of the agent, and a thread that watches instead 5.7 MB
 * (docs/decisions/0017-agent-updates.md). Where that line cannot be had, systemd's own small program says it.
 */
import { writeSync } from "node:fs";

/** Of three that are due, two may be lost. */
const perLimit = 3;
/** Set when the standard input is the line. */
const lineMark = "HAUSWART_AGENT_WATCHDOG_LINE";
const signOfLife = "WATCHDOG=1";
const standardInput = 0;

type Environment = Readonly<Record<string, string | undefined>>;

/** Milliseconds after which the service manager ends this process; undefined where none watches it. */
function limitOf(environment: Environment): number | undefined {
  const limitMs = Number(environment["WATCHDOG_USEC"]) / 1_000;
  return environment["NOTIFY_SOCKET"] && limitMs > 0 ? limitMs : undefined;
}

/** Opens the line, by native calls. @returns what the process is to find in its environment when it begins anew */
export async function openWatchdogLine(environment: Environment): Promise<Readonly<Record<string, string>>> {
  if (limitOf(environment) === undefined) return {};
  try {
    const { connectStandardInput } = await import("./watchdog-line.linux.ts");
    return connectStandardInput(environment["NOTIFY_SOCKET"]!) ? { [lineMark]: "1" } : {};
  } catch {
    return {}; // no native calls on this computer: systemd's program says it
  }
}

/** @returns false where no service manager watches this process. */
export function followServiceWatchdog(environment: Environment): boolean {
  const limitMs = limitOf(environment);
  if (limitMs === undefined) return false;
  const hasLine = environment[lineMark] !== undefined;
  const say = () => void ((hasLine && sayByLine()) || sayByProgram());
  say();
  setInterval(say, limitMs / perLimit).unref();
  return true;
}

/** @returns whether the service manager has it: not while it is started anew, or reads nothing. */
function sayByLine(): boolean {
  try {
    writeSync(standardInput, signOfLife);
    return true;
  } catch {
    return false;
  }
}

function sayByProgram(): void {
  try {
    Bun.spawn(["systemd-notify", signOfLife], { stdin: "ignore", stdout: "ignore", stderr: "ignore" }).unref();
  } catch {
    // No room for another process just now; the next one is due soon enough.
  }
}
