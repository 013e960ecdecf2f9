/** `zypper --xmlout`, understood. Pure. */
import type { FoundUpdate } from "./updates.ts";

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const decode = (text: string) =>
  text.replaceAll(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal?: string, hexadecimal?: string, name?: string) => {
    const code = decimal ? Number(decimal) : hexadecimal ? Number.parseInt(hexadecimal, 16) : undefined;
    if (code !== undefined) return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    return entities[name ?? ""] ?? whole;
  });

/** The attributes of every `<update …>`. */
function updatesIn(output: string): Map<string, string>[] {
  return [...output.matchAll(/<update\s([^>]*?)\/?>/g)].map(
    ([, attributes]) => new Map([...attributes!.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name!, decode(value!)])),
  );
}

const severities: Readonly<Record<string, FoundUpdate["severity"]>> = {
  critical: "critical",
  important: "important",
  moderate: "moderate",
  low: "low",
};

/** `zypper --xmlout list-patches`: what SUSE publishes, security fixes among them. */
export function parsePatches(output: string): FoundUpdate[] {
  return updatesIn(output).flatMap((attributes) => {
    const name = attributes.get("name");
    if (!name || attributes.get("kind") !== "patch") return [];
    const severity = attributes.get("severity") ?? "";
    return [
      {
        name,
        installedVersion: "",
        availableVersion: attributes.get("edition") ?? "",
        isSecurity: attributes.get("category") === "security",
        severity: Object.hasOwn(severities, severity) ? severities[severity]! : "unknown",
        state: attributes.get("status") === "optional" ? "deferred" : "available",
        needsRestart: attributes.has("interactive") ? attributes.get("interactive") === "reboot" : null,
        source: attributes.get("category") ?? "",
      } satisfies FoundUpdate,
    ];
  });
}

/** `zypper --xmlout list-updates`: packages. */
export function parsePackages(output: string): FoundUpdate[] {
  return updatesIn(output).flatMap((attributes) => {
    const name = attributes.get("name");
    if (!name || attributes.get("kind") !== "package") return [];
    return [
      {
        name: `${name}.${attributes.get("arch") ?? ""}`,
        installedVersion: attributes.get("edition-old") ?? "",
        availableVersion: attributes.get("edition") ?? "",
        isSecurity: false,
        severity: "unknown",
        state: "available",
        needsRestart: /^kernel-default$/.test(name) ? true : null,
        source: "package",
      } satisfies FoundUpdate,
    ];
  });
}
