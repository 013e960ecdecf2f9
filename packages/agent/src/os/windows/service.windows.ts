/** The agent as a Windows service of its own: no wrapper, no helper program. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { previousOf, removeLeftovers } from "../../update/executable.ts";
import type { ServiceInstallation } from "../system.ts";
import { installedProduct, removeAtRestart, startRemoval } from "./installer.windows.ts";
import { serviceName, takeBackCommand } from "./service-structures.ts";
import {
  deleteService,
  provideService,
  runAfterFailure,
  setServiceCommand,
  settleService,
  startService,
  stopService,
} from "./service-manager.windows.ts";

const words = {
  name: serviceName,
  displayName: "Hauswart Agent",
  description: "Watches this computer for its IT house and reports over one outgoing connection.",
};

/** Where the program lies when it installs itself; the installer package puts it there as well. */
const programFolder = join(process.env["ProgramFiles"] ?? "C:\\Program Files", "Hauswart Agent");
const programPath = join(programFolder, "hauswart-agent.exe");
const systemRoot = process.env["SystemRoot"] ?? "C:\\Windows";
const windowsTemp = join(systemRoot, "Temp");

/** Quoted: without, Windows would try C:\Program.exe first. */
const commandOf = (program: string) => `"${program}" run --service`;

export function windowsService(): ServiceInstallation {
  return {
    async install() {
      await stopService(serviceName);
      if (process.execPath.toLowerCase() !== programPath.toLowerCase()) {
        mkdirSync(programFolder, { recursive: true });
        setAside(programPath);
        copyFileSync(process.execPath, programPath);
      }
      provideService({ ...words, command: commandOf(programPath) });
      startService(serviceName);
      return `Installed as ${programPath}; the service ${serviceName} runs and starts with the computer.`;
    },
    async uninstall(fromWithin) {
      const product = installedProduct();
      if (product !== undefined) {
        startRemoval(product);
        return "Windows Installer removes the service and the program.";
      }
      if (!fromWithin) await stopService(serviceName);
      deleteService(serviceName);
      // While an update replaces the program, the service runs from the copy of before.
      for (const path of [programPath, previousOf(programPath)]) setAside(path);
      removeLeftovers(programPath);
      removeWhenEmpty(programFolder);
      return "The service and the program are gone; what is in use of the program goes with the next restart.";
    },
    stop: () => stopService(serviceName),
    beforeReplacement: async (previous, updateFolder) =>
      runAfterFailure(
        serviceName,
        takeBackCommand({ name: serviceName, executable: process.execPath, previous, updateFolder, systemRoot }),
      ),
    runFrom: async (executable) => setServiceCommand(serviceName, commandOf(executable)),
    settle: async () => settleService({ ...words, command: commandOf(process.execPath) }),
  };
}

/** A program that runs can be moved, not deleted: its place is free at once, and the file goes when Windows starts next. */
function setAside(path: string): void {
  if (!existsSync(path)) return;
  const aside = join(windowsTemp, `${basename(path, ".exe")}-removed-${crypto.randomUUID()}.exe`);
  renameSync(path, aside);
  try {
    rmSync(aside);
  } catch {
    removeAtRestart(aside);
  }
}

function removeWhenEmpty(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length === 0 && dirname(folder) !== folder) rmdirSync(folder);
}
