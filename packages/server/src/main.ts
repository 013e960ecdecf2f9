/**
 * The server's process. `--own-device` makes a token for this computer, `--demo` tokens for a simulated fleet; both are told to the parent
 * process alone (server-report.ts).
 */
import { realClock } from "@hauswart/agent/clock.ts";
import { openOutsideView } from "@hauswart/agent/outside/outside-view.ts";
import collectors from "@hauswart/features/registry/agent.ts";
import judgedChecks from "@hauswart/features/registry/server.ts";
import { BackupError } from "./backup/backup-error.ts";
import { EmbeddedPostgresError } from "./database/embedded/error.ts";
import { MigrationError } from "./database/migration-files.ts";
import { makeDemoTokens, makeOwnEnrolmentToken } from "./first-start.ts";
import { makeLogger } from "./operation/log.ts";
import { runServer, type RunningServer } from "./run-server.ts";
import type { OpenOutsideView } from "./outside/outside-view.ts";
import type { ServerMessage, ServerReport } from "./server-report.ts";
import type { CheckRegistry } from "./services.ts";
import { loadSettings, SettingsError } from "./settings.ts";

/** Most devices that one demonstration token enrols. */
const demoDevicesPerToken = 60;

async function reportOf({ services, connected, firstOwner, localUrl }: RunningServer, words: readonly string[]): Promise<ServerReport> {
  const { providerId, created } = firstOwner;
  return {
    type: "ready",
    url: services.settings.url,
    localUrl,
    authorityFingerprint: services.ownAuthority?.fingerprint,
    firstOwner: created,
    ownEnrolmentToken: words.includes("--own-device") ? await makeOwnEnrolmentToken(services, providerId) : undefined,
    demoEnrolmentTokens: words.includes("--demo") ? await makeDemoTokens(services, providerId, demoDevicesPerToken) : [],
    postgresProcessId: connected.embedded?.pid(),
    postgresSocketDirectory: connected.embedded?.socketDirectory,
  };
}

/** A check registry from the features' arrays. Two checks of one id would judge each other's samples. */
function registryOf(checks: typeof judgedChecks): CheckRegistry {
  const registry = new Map(checks.map((check) => [check.definition.id, check]));
  if (registry.size !== checks.length) throw new Error("Two features declare a check of the same id.");
  return registry;
}

/** Measures with the agent's own collectors, as far as they can do so from here. */
const measureFromHere: OpenOutsideView = ({ checks, ...needs }) =>
  openOutsideView({ ...needs, clock: realClock, collectors: collectors.filter(({ check }) => checks.has(check)) });

async function main(): Promise<void> {
  const settings = loadSettings();
  const isTerminal = process.stdout.isTTY;
  const format = settings.logFormat === "auto" ? (isTerminal ? "lines" : "json") : settings.logFormat;
  const log = makeLogger({ level: settings.logLevel, format });
  const tell = (step: string) => {
    log.info(step);
    process.send?.({ type: "progress", step } satisfies ServerMessage);
  };
  const running = await runServer({ settings, checks: registryOf(judgedChecks), log, openOutsideView: measureFromHere, progress: tell });
  const { settings: used, ownAuthority } = running.services;
  log.info("the server is up", { url: used.url, ...(ownAuthority ? { authoritySha256: ownAuthority.fingerprint } : {}) });
  process.send?.(await reportOf(running, process.argv));
  let isStopping = false;
  const stop = () => {
    if (isStopping) return;
    isStopping = true;
    void running.stop().then(() => process.exit(0));
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  // Where TLS ends here it means that the certificate was renewed (http/certificate-watch.ts); it never ends the server.
  process.on("SIGHUP", () => undefined);
  // Without the program that keeps it the server would run on unseen, and keep the next one from starting.
  if (process.send) process.on("disconnect", stop);
}

// Crash only: what nobody expected ends the process, and whoever keeps it starts it again. Nothing acknowledged is lost.
process.on("unhandledRejection", (error) => {
  console.error("The server ends because of an error that nobody expected:", error);
  process.exit(1);
});

try {
  await main();
} catch (error) {
  const isForPeople = error instanceof BackupError || error instanceof EmbeddedPostgresError || error instanceof MigrationError;
  if (!(error instanceof SettingsError) && !isForPeople) throw error;
  for (const problem of error instanceof SettingsError ? error.problems : [error.message]) console.error(problem);
  process.exit(2);
}
