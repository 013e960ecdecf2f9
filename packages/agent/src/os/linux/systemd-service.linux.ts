/** The agent as a systemd service of this computer. */
import { existsSync, rmSync, writeFileSync } from "node:fs";
import unitText from "../../../packaging/linux/hauswart-agent.service" with { type: "text" };
import type { Os } from "../os.ts";
import { putProgram, removeProgram } from "../program-file.ts";
import { requireRoot, runsAsRoot } from "../require-root.ts";
import type { ServiceInstallation } from "../system.ts";

/** Where the unit file says that the program is. */
const programPath = "/usr/local/bin/hauswart-agent";
const unitPath = "/etc/systemd/system/hauswart-agent.service";
const unitName = "hauswart-agent.service";
/** Where the Debian package puts the program. */
const packagedPath = "/usr/bin/hauswart-agent";
const packageName = "hauswart-agent";
const commandTimeoutMs = 60_000;

async function systemctl(os: Os, ...words: string[]): Promise<void> {
  const { exitCode, stderr } = await os.run("systemctl", words, { timeoutMs: commandTimeoutMs });
  if (exitCode !== 0) throw new Error(`systemctl ${words.join(" ")} failed: ${stderr.trim()}`);
}

/** In a unit of its own, because the package ends the service, perhaps the one that asks. It waits for another package manager to finish. */
async function removePackage(os: Os): Promise<string> {
  const remove = ["apt-get", "-o", "DPkg::Lock::Timeout=600", "purge", "--yes", packageName];
  const words = ["--collect", "--quiet", `--unit=${packageName}-removal`, "--setenv=DEBIAN_FRONTEND=noninteractive", ...remove];
  const { exitCode, stderr } = await os.run("systemd-run", words, { timeoutMs: commandTimeoutMs });
  if (exitCode !== 0) throw new Error(`systemd-run failed: ${stderr.trim()}`);
  return `The package ${packageName} is being removed.`;
}

export function systemdService(os: Os): ServiceInstallation {
  return {
    async install() {
      requireRoot(runsAsRoot());
      if (process.execPath === packagedPath) throw new Error(`The package ${packageName} has installed the service already.`);
      putProgram(process.execPath, programPath);
      writeFileSync(unitPath, unitText, { mode: 0o644 });
      await systemctl(os, "daemon-reload");
      await systemctl(os, "enable", unitName);
      await systemctl(os, "restart", unitName);
      return `Installed as ${programPath}; the service ${unitName} runs and starts with the computer.`;
    },
    async uninstall(fromWithin) {
      requireRoot(runsAsRoot());
      if (process.execPath === packagedPath) return removePackage(os);
      if (existsSync(unitPath)) await systemctl(os, "disable", ...(fromWithin ? [] : ["--now"]), unitName);
      rmSync(unitPath, { force: true });
      removeProgram(programPath);
      await systemctl(os, "daemon-reload");
      return "The service and the program are gone.";
    },
  };
}
