/** `hauswart-agent run`: what the service runs. */
import { startAgent, type RunningAgent } from "../agent.ts";
import { realClock } from "../clock.ts";
import { orderFileName } from "../identity/enrolment-order.ts";
import { createLog, type Log } from "../log.ts";
import { logFile } from "../log-file.ts";
import type { GoodbyeReason } from "../link/link.ts";
import type { ServiceSession } from "../os/system.ts";
import { startAgainCode } from "../update/loader-host.ts";
import type { CommandContext } from "./cli.ts";

/** After this the process ends, whatever still hangs. Shorter than the service manager's patience. */
const stopLimitMs = 10_000;

type End = NodeJS.Signals | "removal" | "shutdown" | "agent-stop" | "update" | "native-calls";

export async function runCommand(context: CommandContext): Promise<number> {
  const { line, data, system, environment, complain, loader } = context;
  if (!line.flags["service"]) {
    const isToFile = environment["HAUSWART_AGENT_LOG"] === "file";
    if (isToFile) data.ensure();
    const end = await runUntilEnded(context, createLog(isToFile ? logFile(data) : complain));
    if (end === "native-calls") loader?.startWithNativeCalls?.();
    if (end === "update") loader?.startAgain();
    return process.exit(exitCodeOf(end)); // collectors may hold connections open
  }
  const session = await system.joinServiceManager?.();
  if (!session) throw new Error("run --service is for Windows; elsewhere the service runs: hauswart-agent run");
  data.ensure();
  const log = createLog(logFile(data));
  const exitCode = await runUntilEnded(context, log, session).then(exitCodeOf, (error: unknown) => {
    log.error("the agent cannot run", { problem: error instanceof Error ? error.message : String(error) });
    return 1;
  });
  await session.ended(exitCode);
  return process.exit(exitCode);
}

const exitCodeOf = (end: End | undefined) => (end === "update" ? startAgainCode : 0);

/** @returns why the agent ended; undefined when nobody enrolled the computer before it had to. */
async function runUntilEnded(context: CommandContext, log: Log, session?: ServiceSession): Promise<End | undefined> {
  const { data, system, collectors, proxyEnvironment, loader } = context;
  // From here on a signal is an orderly end; one that comes during the start is obeyed after it.
  const asked = Promise.race<End>([firstSignal(), ...(session ? [session.asked] : [])]);
  void asked.then(() => loader?.endOrdered?.());
  if (session) await settle(context, log);
  if (!(await becomeEnrolled(context, log, asked, session !== undefined))) return undefined;
  const own = Promise.withResolvers<"removal" | "update" | "native-calls">();
  const agent = await startAgent({
    data,
    system,
    collectors,
    log,
    clock: realClock,
    environment: await proxyEnvironment(),
    onRemoval: () => own.resolve("removal"),
    ...(session?.watchPower ? { watchPower: session.watchPower } : {}),
    ...(loader ? { loader, onRestart: () => own.resolve("update") } : {}),
    ...(loader?.startWithNativeCalls ? { onNativeCalls: () => own.resolve("native-calls") } : {}),
  });
  const end = await Promise.race([asked, own.promise]);
  await stopInTime(agent, await reasonOf(end, system), log);
  if (end === "removal") {
    const { removeAgent } = await import("./remove-agent.ts"); // the service manager is asked, and may take its time
    await removeAgent({ data, system, isOwnService: true, log });
  }
  return end;
}

async function stopInTime(agent: RunningAgent, reason: GoodbyeReason, log: Log): Promise<void> {
  const limit = setTimeout(() => {
    log.error("the agent did not end in time");
    process.exit(1);
  }, stopLimitMs);
  await agent.stop(reason);
  clearTimeout(limit);
}

/** What the service is to have besides, whoever installed it. The agent runs without as well, but not in a folder that others may write. */
async function settle({ data, system }: CommandContext, log: Log): Promise<void> {
  await system.protectFolder?.(data.path); // with somebody else's files in it the agent must not run
  try {
    await (await system.loadService?.())?.settle?.();
  } catch (error) {
    log.warn("the service could not be set up as it should be", { problem: error instanceof Error ? error.message : String(error) });
  }
}

/**
 * Carries out the enrolment that an installer ordered.
 * @param waits a service that its manager wants to see running waits for somebody to enrol the computer
 * @returns false when the service was ended before; true also when the computer is not enrolled and the start is to say so
 */
async function becomeEnrolled(
  { data, system, proxyEnvironment }: CommandContext,
  log: Log,
  asked: Promise<unknown>,
  waits: boolean,
): Promise<boolean> {
  if (!waits && data.readText(orderFileName) === undefined) return true;
  const { carryOutOrder } = await import("../identity/carry-out-order.ts");
  const { agentVersion } = await import("../version.ts");
  let isEnding = false;
  const ending = asked.then(() => (isEnding = true));
  await carryOutOrder(
    {
      data,
      log,
      environment: await proxyEnvironment(),
      describeComputer: async () => ({ ...(await system.describe()), agentVersion }),
      sleep: (milliseconds) => Promise.race([Bun.sleep(milliseconds), ending]).then(() => {}),
      now: Date.now,
      isEnding: () => isEnding,
    },
    waits,
  );
  return !isEnding;
}

async function reasonOf(end: End, system: CommandContext["system"]): Promise<GoodbyeReason> {
  if (end === "SIGTERM") return system.endReason();
  if (end === "update" || end === "native-calls") return "agent-update"; // it is back at once
  return end === "shutdown" ? ((await system.computerEnd?.()) ?? "shutdown") : "agent-stop";
}

function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => resolve(signal));
    process.on("SIGHUP", () => {}); // a closed terminal is no reason to end
  });
}
