/** `hauswart-agent run`: what the service runs. */
import { startAgent } from "../agent.ts";
import { realClock } from "../clock.ts";
import { createLog } from "../log.ts";
import type { GoodbyeReason } from "../link/link.ts";
import type { CommandContext } from "./cli.ts";

/** After this the process ends, whatever still hangs. Shorter than the service manager's patience. */
const stopLimitMs = 10_000;

export async function runCommand({ data, system, collectors, proxyEnvironment, complain }: CommandContext): Promise<number> {
  const log = createLog(complain);
  // From here on a signal is an orderly end; one that comes during the start is obeyed after it.
  const asked = firstSignal();
  const removal = Promise.withResolvers<"removal">();
  const agent = await startAgent({
    data,
    system,
    collectors,
    log,
    clock: realClock,
    environment: await proxyEnvironment(),
    onRemoval: () => removal.resolve("removal"),
  });
  const signal = await Promise.race([asked, removal.promise]);
  const limit = setTimeout(() => {
    log.error("the agent did not end in time");
    process.exit(1);
  }, stopLimitMs);
  await agent.stop(signal === "removal" ? "agent-stop" : await reasonOf(signal, system));
  if (signal === "removal") {
    clearTimeout(limit); // the service manager is asked, and may take its time
    const { removeAgent } = await import("./remove-agent.ts");
    await removeAgent({ data, system, isOwnService: true, log });
  }
  process.exit(0); // collectors may hold connections open
}

async function reasonOf(signal: NodeJS.Signals, system: CommandContext["system"]): Promise<GoodbyeReason> {
  return signal === "SIGTERM" ? system.endReason() : "agent-stop";
}

function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => resolve(signal));
    process.on("SIGHUP", () => {}); // a closed terminal is no reason to end
  });
}
