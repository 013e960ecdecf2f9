/** Puts the updater together with what the running agent knows. */
import { statfsSync } from "node:fs";
import type { UpdateReport } from "@hauswart/protocol/wire/messages.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { runProgram } from "../os/run-program.ts";
import type { System } from "../os/system.ts";
import type { ProxySetting } from "../proxy/proxy-choice.ts";
import { proxiesFor } from "../proxy/proxies.ts";
import type { Enrolment } from "../state/enrolment.ts";
import { agentVersion } from "../version.ts";
import { download } from "./download.ts";
import { keepPrevious, previousOf, programAt, replaceExecutable, restoreExecutable, stageExecutable } from "./executable.ts";
import type { LoaderHost } from "./loader-host.ts";
import { releaseKeys } from "./release-keys.ts";
import { updateFiles } from "./update-files.ts";
import { Updater } from "./updater.ts";

export interface OpenUpdater {
  readonly host: LoaderHost;
  readonly system: System;
  readonly clock: Clock;
  readonly log: Log;
  readonly enrolment: Enrolment;
  readonly proxy: ProxySetting;
  sign(message: Uint8Array): Promise<string>;
  /** This computer's clock minus the server's. */
  clockOffsetMs(): number;
  report(report: Omit<UpdateReport, "type">): void;
  restart(): void;
}

/** A program that says its version takes less; one that hangs is none. */
const askLimitMs = 60_000;

export function openUpdater(options: OpenUpdater): Updater {
  const { host, system, clock, log, enrolment, proxy, sign, report, restart } = options;
  const { server, certificates, deviceId } = enrolment;
  const files = updateFiles(host.updateFolder);
  const serverTime = () => clock.now() - options.clockOffsetMs();
  const pause = (milliseconds: number) => new Promise<void>((resolve) => void clock.after(milliseconds, resolve));
  const needs = { files, server, certificates, deviceId, sign, serverTime, pause, proxies: proxiesFor(proxy, server) };
  return new Updater({
    host,
    files,
    keys: releaseKeys,
    version: agentVersion,
    system: system.name,
    runtime: Bun.version,
    clock,
    log,
    serverTime,
    report,
    restart,
    fetchFile: (file) => download(needs, file),
    freeBytes: async () => {
      const { bavail, bsize } = statfsSync(host.updateFolder);
      return bavail * bsize;
    },
    askVersion: (executable, slot) => askVersion(executable, slot, host.updateFolder),
    stageExecutable: (name) => stageExecutable(programAt(process.execPath), files.path(name)),
    keepPrevious: () => ({
      previousExecutable: previousOf(process.execPath),
      previousSha256: keepPrevious(programAt(process.execPath)),
    }),
    replaceExecutable: async () => {
      const service = await system.loadService?.();
      try {
        await service?.beforeReplacement?.(previousOf(process.execPath), host.updateFolder);
      } catch (error) {
        // The new one has said its version; without this it would not be taken back should it not even start.
        log.warn("the service manager is not prepared for the new executable", { problem: String(error) });
      }
      await replaceExecutable(programAt(process.execPath, service?.runFrom));
    },
    restoreExecutable: async (sha256) => restoreExecutable(programAt(process.execPath, (await system.loadService?.())?.runFrom), sha256),
  });
}

/** In the environment of this process: what the runtime does not take must show before it is started for good. */
async function askVersion(executable: string, slot: string | undefined, updateFolder: string): Promise<string> {
  const environment = {
    ...process.env,
    HAUSWART_AGENT_DATA: updateFolder.replace(/[\\/]update$/, ""),
    HAUSWART_AGENT_PREFLIGHT: slot ?? "",
  };
  const { exitCode, stdout, stderr } = await runProgram(executable, ["version"], environment, {
    timeoutMs: askLimitMs,
  });
  if (exitCode !== 0) throw new Error(`It ends with code ${exitCode}: ${stderr.trim().slice(0, 200)}`);
  return stdout.trim().replace(/^hauswart-agent /, "");
}
