/** Output of rpm, dnf 4 and dnf 5, understood. Pure. */
import type { FoundUpdate } from "./updates.ts";

/** For `rpm -qa --qf`, and for `dnf repoquery --upgrades --qf`; dnf 4 ends the line itself, dnf 5 does not. */
export const installedFormat = "%{NAME}\\t%{ARCH}\\t%{EPOCHNUM}:%{VERSION}-%{RELEASE}\\n";
export const upgradeFormat = "%{name}\\t%{arch}\\t%{epoch}:%{version}-%{release}\\t%{repoid}\\n";

const withoutEpoch = (version: string) => version.replace(/^0:/, "");

/** Newest installed version by name and architecture: kernels are installed several times, and rpm lists the newest last. */
export function parseInstalled(output: string): Map<string, string> {
  const installed = new Map<string, string>();
  for (const line of output.split("\n")) {
    const [name, architecture, version] = line.split("\t");
    if (name && architecture && version) installed.set(`${name}.${architecture}`, withoutEpoch(version));
  }
  return installed;
}

export interface RpmUpgrade {
  readonly name: string;
  readonly architecture: string;
  readonly version: string;
  readonly repository: string;
}

export function parseUpgrades(output: string): RpmUpgrade[] {
  return output.split(/\\n|\n/).flatMap((line) => {
    const [name, architecture, version, repository] = line.trim().split("\t");
    if (!name || !architecture || !version) return [];
    return [{ name, architecture, version: withoutEpoch(version), repository: repository ?? "" }];
  });
}

/**
 * `dnf updateinfo list --updates --security` of dnf 4 (`RHSA-2026:1 Important/Sec. openssl-3.0.7-1.el9.x86_64`) and `dnf advisory list
 * --updates --security` of dnf 5 (`FEDORA-2026-1 security Important openssl-3.0.7-1.fc43.x86_64 2026-11-01 02:03:04`).
 * @returns severity by name-version-release.architecture
 */
export function parseAdvisories(output: string): Map<string, FoundUpdate["severity"]> {
  const advisories = new Map<string, FoundUpdate["severity"]>();
  for (const line of output.split("\n")) {
    const words = line.trim().split(/\s+/);
    const [, kind = "", second = "", third = ""] = words;
    if (/\/Sec\.?$/.test(kind)) note(advisories, second, kind.split("/")[0]!);
    else if (kind === "security") note(advisories, third, second);
  }
  return advisories;
}

const severities: Readonly<Record<string, FoundUpdate["severity"]>> = {
  critical: "critical",
  important: "important",
  moderate: "moderate",
  low: "low",
};
const order = ["critical", "important", "moderate", "low", "unknown"];

/** Of several advisories for one package the gravest counts. */
function note(advisories: Map<string, FoundUpdate["severity"]>, key: string, word: string): void {
  if (key === "") return;
  const severity = Object.hasOwn(severities, word.toLowerCase()) ? severities[word.toLowerCase()]! : "unknown";
  const before = advisories.get(key);
  if (before === undefined || order.indexOf(severity) < order.indexOf(before)) advisories.set(key, severity);
}

/** The name by which advisories call a package: without its epoch. */
const advisoryKey = ({ name, version, architecture }: RpmUpgrade) => `${name}-${version.replace(/^\d+:/, "")}.${architecture}`;

/** An advisory may be about a version between the installed one and the newest, so the package's name decides as well. */
export function toUpdates(
  upgrades: readonly RpmUpgrade[],
  installed: ReadonlyMap<string, string>,
  advisories: ReadonlyMap<string, FoundUpdate["severity"]>,
): FoundUpdate[] {
  const newest = new Map(upgrades.map((upgrade) => [`${upgrade.name}.${upgrade.architecture}`, upgrade]));
  return [...newest].flatMap(([name, upgrade]) => {
    const installedVersion = installed.get(name);
    // Without an installed version it replaces another package: nothing is missing under this name.
    if (installedVersion === undefined) return [];
    const severity = advisories.get(advisoryKey(upgrade)) ?? severityByName(upgrade, advisories);
    return [
      {
        name,
        installedVersion,
        availableVersion: upgrade.version,
        isSecurity: severity !== undefined,
        severity: severity ?? "unknown",
        state: "available",
        needsRestart: /^kernel(-core)?$/.test(upgrade.name) ? true : null,
        source: upgrade.repository,
      } satisfies FoundUpdate,
    ];
  });
}

function severityByName(
  { name, architecture }: RpmUpgrade,
  advisories: ReadonlyMap<string, FoundUpdate["severity"]>,
): FoundUpdate["severity"] | undefined {
  for (const [key, severity] of advisories) {
    // name-version-release.architecture; neither version nor release holds a hyphen.
    if (key.replace(/-[^-]+-[^-]+$/, "") === name && key.endsWith(`.${architecture}`)) return severity;
  }
  return undefined;
}
