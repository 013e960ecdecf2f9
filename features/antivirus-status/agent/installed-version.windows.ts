/** The version of a product as its own entry among the installed programs has it. */
import type { WindowsRegistry } from "@hauswart/agent/os/windows/calls.ts";

const roots = ["HKLM\\SOFTWARE", "HKLM\\SOFTWARE\\WOW6432Node"].map(
  (software) => `${software}\\Microsoft\\Windows\\CurrentVersion\\Uninstall`,
);
/** Makers install helpers beside the product; these words are in the product's own name. */
const product = /antivirus|anti-virus|security|endpoint|protection|agent|sensor/i;

/** @param name fits the program's name. @returns an empty text when there is no such program. Throws OsError. */
export async function installedVersion(registry: WindowsRegistry, name: RegExp): Promise<string> {
  let found = "";
  for (const root of roots) {
    for (const key of (await registry.keys(root)) ?? []) {
      const displayName = await registry.value(`${root}\\${key}`, "DisplayName");
      if (typeof displayName !== "string" || !name.test(displayName)) continue;
      const version = await registry.value(`${root}\\${key}`, "DisplayVersion");
      if (typeof version !== "string" || version === "") continue;
      if (product.test(displayName)) return version;
      found ||= version;
    }
  }
  return found;
}
