/**
 * `npm start`: everything on this computer. Builds what is stale, keeps the server running, enrols this computer as the first device and
 * keeps its agent running. `npm start -- --demo` adds a simulated fleet; `npm start -- --network` lets other computers in, by a certificate of
 * the server's own.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DataDirectory } from "@hauswart/agent/state/data-directory.ts";
import { keepRunning, type Keeper } from "@hauswart/server/child-process.ts";
import { serverEnvironment } from "@hauswart/server/runtime-environment.ts";
import { ownFiles } from "@hauswart/server/own-authority/own-files.ts";
import { isLoopback, loadSettings, SettingsError, type Settings } from "@hauswart/server/settings.ts";
import type { ServerMessage, ServerReport } from "@hauswart/server/server-report.ts";
import { buildAgent } from "./build-agent.ts";
import { buildConsole } from "./build-console.ts";
import { leadAgentTo } from "./lead-agent.ts";
import { NetworkAddressError, networkEnvironment } from "./network-address.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const say = (text: string) => process.stdout.write(`${text}\n`);
const bun = process.execPath;
const agentMain = join(root, "packages/agent/src/main.ts");

class StartError extends Error {}

/** @param isForNetwork the programs that are started are told so as well, by the environment that they inherit */
async function readSettings(isForNetwork: boolean): Promise<Settings> {
  try {
    if (isForNetwork) Object.assign(process.env, await networkEnvironment(process.env));
    return loadSettings();
  } catch (error) {
    if (error instanceof SettingsError) throw new StartError(error.problems.join("\n"));
    if (error instanceof NetworkAddressError) throw new StartError(error.message);
    throw error;
  }
}

/** File with what programs on this computer have to trust; undefined where they need nothing. */
function trustedFile({ tls, dataDirectory }: Settings): string | undefined {
  if (tls.kind !== "certificate") return undefined;
  return tls.isOwn ? ownFiles(dataDirectory).authority : tls.certificatePath;
}

/** Runs the agent's `enrol` once; the token travels by environment, so that no process list shows it. */
async function enrolThisComputer(url: string, token: string, dataDirectory: string, certificatePath: string | undefined): Promise<void> {
  const words = ["enrol", "--server", url, "--data", dataDirectory, ...(certificatePath ? ["--ca", certificatePath] : [])];
  const child = Bun.spawn([bun, agentMain, ...words], {
    env: { ...process.env, HAUSWART_AGENT_TOKEN: token },
    stdout: "pipe",
    stderr: "pipe",
  });
  if ((await child.exited) !== 0)
    throw new StartError(`This computer could not be enrolled: ${(await new Response(child.stderr).text()).trim()}`);
}

/** What the server says once it is up, for the person at the terminal. */
function printWelcome({ url, firstOwner, authorityFingerprint }: ServerReport): void {
  say("");
  say(`  Hauswart is ready:  ${url}`);
  if (authorityFingerprint) {
    say("  Browsers warn, because they do not know this server's own authority.");
    say(`  To trust it:        ${url}/ca.crt (docs/network.md), with this fingerprint (SHA-256):`);
    for (const half of [authorityFingerprint.slice(0, 48), authorityFingerprint.slice(48)]) say(`                      ${half}`);
  } else if (isLoopback(new URL(url).hostname)) say("  Other computers:    npm start -- --network");
  if (firstOwner?.password) {
    say(`  Sign in with:       ${firstOwner.email}`);
    say(`  First password:     ${firstOwner.password}`);
    say("  It is shown this once; keep it, or set your own under My account.");
  }
  say("  Ctrl+C ends it; everything is kept.");
  say("");
}

/** Whoever starts everything at a terminal is told the steps and what goes wrong; each request's line is for services, which set the level themselves. */
const quietLog = (): Record<string, string> => (process.env["HAUSWART_LOG_LEVEL"] ? {} : { HAUSWART_LOG_LEVEL: "warn" });

/** Starts all programs. @returns those that run, in the order in which they were started. */
async function start(settings: Settings, isDemo: boolean): Promise<Keeper[]> {
  say("Building what has changed");
  await buildConsole();
  await buildAgent();
  const agentData = join(settings.dataDirectory, "agent");
  const fleetFile = join(settings.dataDirectory, "simulated-fleet.json");
  const needsDevice = !existsSync(join(agentData, "agent.json"));
  const needsFleet = isDemo && !existsSync(fleetFile);
  const keepers: Keeper[] = [];
  let isFirst = true;
  const whenReady = async (report: ServerReport) => {
    if (!isFirst) return say("The server is up again.");
    isFirst = false;
    if (report.ownEnrolmentToken && needsDevice) {
      say("Enrolling this computer");
      await enrolThisComputer(report.localUrl, report.ownEnrolmentToken, agentData, trustedFile(settings));
    } else {
      const trusted = trustedFile(settings);
      leadAgentTo(new DataDirectory(agentData), report.localUrl, trusted === undefined ? undefined : readFileSync(trusted, "utf8"));
    }
    keepers.push(
      keepRunning({
        name: "The agent",
        command: [bun, "--smol", agentMain, "run", "--data", agentData],
        // Removed in the console, it has taken its key with it.
        isWanted: () => existsSync(join(agentData, "agent.json")),
        onCrash: say,
      }),
    );
    if (isDemo) keepers.push(keepSimulator(report, fleetFile, trustedFile(settings)));
    printWelcome(report);
  };
  keepers.push(
    keepRunning({
      name: "The server",
      command: [
        bun,
        join(root, "packages/server/src/main.ts"),
        ...(needsDevice ? ["--own-device"] : []),
        ...(needsFleet ? ["--demo"] : []),
      ],
      environment: { ...serverEnvironment, ...quietLog() },
      onMessage(received) {
        const message = received as ServerMessage;
        if (message.type === "progress") return say(message.step);
        whenReady(message).catch((error: unknown) => say(error instanceof Error ? error.message : String(error)));
      },
      onCrash: say,
    }),
  );
  return keepers;
}

/** The simulated fleet; its tokens travel by environment and are needed only while it has no devices yet. */
function keepSimulator(report: ServerReport, fleetFile: string, trusted: string | undefined): Keeper {
  const trust = trusted === undefined ? [] : ["--ca", trusted];
  return keepRunning({
    name: "The simulator",
    command: [bun, join(root, "tools/simulate.ts"), "--demo", "--server", report.localUrl, "--fleet", fleetFile, ...trust],
    environment: { HAUSWART_SIMULATOR_TOKENS: JSON.stringify(report.demoEnrolmentTokens) },
    onCrash: say,
  });
}

try {
  const keepers = await start(await readSettings(process.argv.includes("--network")), process.argv.includes("--demo"));
  let isStopping = false;
  // Without a terminal, SIGHUP is a service's word for "read the certificate again".
  if (!process.stdin.isTTY) process.on("SIGHUP", () => keepers[0]?.signal("SIGHUP"));
  for (const signal of ["SIGINT", "SIGTERM", ...(process.stdin.isTTY ? (["SIGHUP"] as const) : [])] as const) {
    process.on(signal, () => {
      if (isStopping) return;
      isStopping = true;
      say("Ending");
      // The agent first, so that it can say goodbye to the server.
      void (async () => {
        for (const keeper of [...keepers].reverse()) await keeper.stop();
        process.exit(0);
      })();
    });
  }
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  say(error.message);
  process.exit(1);
}
