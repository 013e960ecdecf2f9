/** Windows Installer: whether the agent was installed by its package, and how that goes away again. */
import { dlopen } from "bun:ffi";
import { wide } from "./service-structures.ts";

/** What all versions of the agent's package have in common; see packages/agent/packaging/windows/hauswart-agent.wxs. */
export const upgradeCode = "{7F3B0C52-6E0D-4B7A-9C1E-2A4D5B8E6F10}";
/** A code in braces has 38 letters, and an end. */
const codeLetters = 39;
/** MOVEFILE_DELAY_UNTIL_REBOOT */
const untilRestart = 4;

/** The product code of the installed package; undefined when the agent came another way. */
export function installedProduct(): string | undefined {
  const { symbols } = dlopen("msi.dll", { MsiEnumRelatedProductsW: { args: ["ptr", "u32", "u32", "ptr"], returns: "u32" } });
  const code = Buffer.alloc(codeLetters * 2);
  if (symbols.MsiEnumRelatedProductsW(wide(upgradeCode), 0, 0, code) !== 0) return undefined;
  return code.toString("utf16le").replace(/\0.*$/s, "");
}

/** Begins the package's removal, which outlives this process: it ends the service and takes the program away. */
export function startRemoval(productCode: string): void {
  const { SystemRoot = "C:\\Windows" } = process.env;
  Bun.spawn([`${SystemRoot}\\System32\\msiexec.exe`, "/x", productCode, "/qn", "/norestart"], {
    stdin: "ignore",
    stdout: "ignore",
    stderr: "ignore",
    detached: true,
  }).unref();
}

/** Has Windows delete a file when it starts next. */
export function removeAtRestart(path: string): void {
  const { symbols } = dlopen("kernel32.dll", { MoveFileExW: { args: ["ptr", "ptr", "u32"], returns: "i32" } });
  symbols.MoveFileExW(wide(path), null, untilRestart);
}
