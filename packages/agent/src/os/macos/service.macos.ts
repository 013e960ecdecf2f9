/** The agent as a launchd daemon of this computer. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import plistText from "../../../packaging/macos/hauswart-agent.plist" with { type: "text" };
import rotationText from "../../../packaging/macos/newsyslog.conf" with { type: "text" };
import type { Os } from "../os.ts";
import { putProgram, removeProgram } from "../program-file.ts";
import { requireRoot, runsAsRoot } from "../require-root.ts";
import type { ServiceInstallation } from "../system.ts";

const label = "hauswart-agent";
const commandTimeoutMs = 60_000;
/** The service before may take its time to end (ExitTimeOut), and launchd does not load it a second time until then. */
const loadAttempts = 20;

/** Where things lie; tests put them elsewhere. */
export interface LaunchdPlaces {
  /** In front of all paths; empty on a real computer. */
  readonly root: string;
  readonly executable: string;
  readonly isRoot: boolean;
  /** Pause between two attempts to load the service. */
  readonly retryMs: number;
}

const realPlaces = (): LaunchdPlaces => ({ root: "", executable: process.execPath, isRoot: runsAsRoot(), retryMs: 1_000 });

export function launchdService(os: Os, { root, executable, isRoot, retryMs }: LaunchdPlaces = realPlaces()): ServiceInstallation {
  /** Where the property list says that the program is. */
  const programPath = join(root, "/usr/local/bin/hauswart-agent");
  const plistPath = join(root, "/Library/LaunchDaemons/hauswart-agent.plist");
  const rotationPath = join(root, "/private/etc/newsyslog.d/hauswart-agent.conf");

  const launchctl = async (...words: string[]) => {
    const { exitCode, stderr } = await os.run("launchctl", words, { timeoutMs: commandTimeoutMs });
    return { isDone: exitCode === 0, problem: stderr.trim() };
  };
  const load = async () => {
    for (let attempt = 1; ; attempt++) {
      const { isDone, problem } = await launchctl("bootstrap", "system", plistPath);
      if (isDone) return;
      if (attempt === loadAttempts) throw new Error(`launchctl bootstrap system failed: ${problem}`);
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  };

  return {
    async install() {
      requireRoot(isRoot);
      putProgram(executable, programPath);
      writeFileSync(plistPath, plistText, { mode: 0o644 });
      mkdirSync(dirname(rotationPath), { recursive: true });
      writeFileSync(rotationPath, rotationText, { mode: 0o644 });
      // One that runs already is ended first: launchd refuses to load the same label twice.
      await launchctl("bootout", `system/${label}`);
      await launchctl("enable", `system/${label}`);
      await load();
      return `Installed as ${programPath}; the service ${label} runs and starts with the computer.`;
    },
    async uninstall() {
      requireRoot(isRoot);
      rmSync(plistPath, { force: true });
      rmSync(rotationPath, { force: true });
      removeProgram(programPath);
      // Last: when the service itself asks for it, this ends it.
      await launchctl("bootout", `system/${label}`);
      return "The service and the program are gone.";
    },
  };
}
