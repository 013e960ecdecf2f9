/** The agent as a service of OpenRC, which runs Alpine Linux: rc-update(8), rc-service(8), supervise-daemon(8). */
import { existsSync, lstatSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import scriptText from "../../../packaging/linux/hauswart-agent.openrc" with { type: "text" };
import type { Os } from "../os.ts";
import { putProgram, removeProgram } from "../program-file.ts";
import { requireRoot, runsAsRoot } from "../require-root.ts";
import type { ServiceInstallation } from "../system.ts";

const serviceName = "hauswart-agent";
const runlevel = "default";
/** Longer than OpenRC gives the agent for its goodbye. */
const commandTimeoutMs = 60_000;

/** Where things lie; tests put them elsewhere. */
export interface OpenrcPlaces {
  /** In front of all paths; empty on a real computer. */
  readonly root: string;
  readonly executable: string;
  readonly isRoot: boolean;
}

const realPlaces = (): OpenrcPlaces => ({ root: "", executable: process.execPath, isRoot: runsAsRoot() });

export function openrcService(os: Os, { root, executable, isRoot }: OpenrcPlaces = realPlaces()): ServiceInstallation {
  /** Where the script says that the program is. */
  const programPath = join(root, "/usr/local/bin/hauswart-agent");
  const scriptPath = join(root, "/etc/init.d", serviceName);

  const mustRun = async (program: string, ...words: string[]) => {
    const { exitCode, stdout, stderr } = await os.run(program, words, { timeoutMs: commandTimeoutMs });
    if (exitCode !== 0) throw new Error(`${[program, ...words].join(" ")} failed: ${(stderr.trim() || stdout.trim()).slice(0, 500)}`);
  };
  /** rc-update(8) fails for a runlevel that does not have the service, and with `--all` unless each has it. */
  const runlevelsWithService = () => {
    const folder = join(root, "/etc/runlevels");
    if (!existsSync(folder)) return [];
    return readdirSync(folder).filter((each) => lstatSync(join(folder, each, serviceName), { throwIfNoEntry: false }) !== undefined);
  };
  /**
   * The service's own process cannot wait for its end: OpenRC waits for the process. A session of its own does it meanwhile. The script
   * goes last, because OpenRC ends the service by it.
   */
  const endLater = () =>
    mustRun("sh", "-c", `setsid sh -c 'rc-service ${serviceName} stop; rm -f "$0"' "$0" </dev/null >/dev/null 2>&1 &`, scriptPath);

  return {
    async install() {
      requireRoot(isRoot);
      putProgram(executable, programPath);
      mkdirSync(dirname(scriptPath), { recursive: true });
      writeFileSync(scriptPath, scriptText, { mode: 0o755 });
      await mustRun("rc-update", "add", serviceName, runlevel);
      await mustRun("rc-service", serviceName, "restart");
      return `Installed as ${programPath}; the service ${serviceName} runs and starts with the computer.`;
    },
    async uninstall(fromWithin) {
      requireRoot(isRoot);
      if (!fromWithin) await mustRun("rc-service", "--ifexists", serviceName, "stop");
      // Whatever fails afterwards: without its program the supervisor, which starts it again for ever, has nothing to start.
      removeProgram(programPath);
      try {
        for (const each of runlevelsWithService()) await mustRun("rc-update", "delete", serviceName, each);
      } finally {
        if (fromWithin) await endLater();
        else rmSync(scriptPath, { force: true });
      }
      return "The service and the program are gone.";
    },
  };
}
