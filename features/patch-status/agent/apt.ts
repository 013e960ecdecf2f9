/** Output and files of apt, understood. Pure. */
import type { FoundUpdate, Sample } from "./updates.ts";

/** An upgrade that `apt-get -s` would do. */
export interface Upgrade {
  /** With the architecture where it is not the computer's own: libc6:i386. */
  readonly name: string;
  readonly installedVersion: string;
  readonly availableVersion: string;
  /** Where the new version comes from: "Debian-Security:12/oldstable-security", several by commas. */
  readonly source: string;
}

/** Lines such as `Inst libc6 [2.36-9] (2.36-10 Debian:12.12/oldstable [amd64])`. New packages are no missing updates and left out. */
export function parseSimulation(output: string): Upgrade[] {
  return output.split("\n").flatMap((line) => {
    const [, name, installedVersion, availableVersion, source] =
      /^Inst (\S+) \[([^\]]+)\] \((\S+) (.*?)(?: \[[^\]]*\])?\)/.exec(line) ?? [];
    if (!name || !installedVersion || !availableVersion) return [];
    return [{ name, installedVersion, availableVersion, source: source ?? "" }];
  });
}

/**
 * Lines of `apt list --upgradable` such as `libc6/oldstable,oldstable-security 2.36-10 amd64 [upgradable from: 2.36-9]`.
 * @param suite of an archive, such as oldstable-security
 * @returns names of packages whose newest version is in that archive, with and without the architecture
 */
export function parseUpgradable(output: string, suite: string): string[] {
  return output.split("\n").flatMap((line) => {
    const [, name, suites, architecture] = /^([^/\s]+)\/(\S+) \S+ (\S+) \[/.exec(line) ?? [];
    return name && suites?.split(",").includes(suite) ? [name, `${name}:${architecture}`] : [];
  });
}

/** Whether apt said that it leaves nothing as it is: then there are neither held nor deferred ones. Written in the C locale. */
export const leavesNothing = (output: string): boolean => /^\d+ upgraded, .* and 0 not upgraded\.$/m.test(output);

/**
 * Whether one of the places that offer the version is an archive of security updates: Debian-Security, archives such as
 * noble-security, and Ubuntu's ESM.
 */
export function isSecuritySource(source: string): boolean {
  return source
    .split(", ")
    .some((place) => /^[^:]*-security:/i.test(place) || /[-/]security$/.test(place) || place.startsWith("UbuntuESM"));
}

/**
 * @param now what would be installed now
 * @param everything what would be if nothing were held or deferred
 * @param held names of packages that are set to be kept
 * @param fixed names of packages of which an archive of security updates has a newer version than the installed one
 */
export function toUpdates(
  now: readonly Upgrade[],
  everything: readonly Upgrade[],
  held: ReadonlySet<string>,
  fixed: ReadonlySet<string>,
): FoundUpdate[] {
  const nowByName = new Map(now.map((upgrade) => [upgrade.name, upgrade]));
  const all = new Map([...everything.map((upgrade) => [upgrade.name, upgrade] as const), ...nowByName]);
  return [...all.values()].map((upgrade) => ({
    ...upgrade,
    isSecurity: isSecuritySource(upgrade.source) || fixed.has(upgrade.name),
    severity: "unknown",
    state: nowByName.has(upgrade.name) ? "available" : held.has(upgrade.name.replace(/:.*/, "")) ? "held" : "deferred",
    needsRestart: upgrade.name.startsWith("linux-image-") ? true : null,
  }));
}

/** The format that `heldPackages` reads. */
export const wishFormat = "${db:Status-Want} ${Package}\n";

/** Names of packages that are set to be kept, from `dpkg-query --show` with `wishFormat`. */
export function heldPackages(output: string): Set<string> {
  return new Set(output.split("\n").flatMap((line) => (line.startsWith("hold ") ? line.slice("hold ".length).trim() : [])));
}

export interface Target {
  /** As a person knows it: "deb.debian.org bookworm-security". */
  readonly source: string;
  /** Path of its release file without the last word: …_dists_bookworm-security_ */
  readonly prefix: string;
}

/** The format that `parseTargets` reads. */
export const targetFormat = "$(SITE)|$(RELEASE)|$(CREATED_BY)|$(METAKEY)|$(FILENAME)";

/** `apt-get indextargets --format` with `targetFormat`: the package lists of all sources. */
export function parseTargets(output: string): Target[] {
  const targets = new Map<string, Target>();
  for (const line of output.split("\n")) {
    const [site, release, createdBy, metaKey, fileName] = line.split("|");
    if (createdBy !== "Packages" || !site || !metaKey || !fileName) continue;
    const at = fileName.lastIndexOf(metaKey.replaceAll("/", "_"));
    if (at <= 0) continue;
    const prefix = fileName.slice(0, at);
    targets.set(prefix, { source: `${withoutSecrets(site)} ${release ?? ""}`.trim(), prefix });
  }
  return [...targets.values()];
}

/** Addresses of private archives may hold a password. */
const withoutSecrets = (site: string) => site.replace(/^[a-z+]+:\/\//i, "").replace(/^[^/@]*@/, "");

export interface Release {
  readonly label: string;
  readonly suite: string;
  readonly codename: string;
  /** Unix time in milliseconds; undefined where the archive sets no end. */
  readonly validUntilMs: number | undefined;
}

/** The head of an InRelease or Release file. */
export function parseRelease(text: string): Release {
  const head = /^(?:MD5Sum|SHA1|SHA256|SHA512):/m.exec(text);
  const fields = new Map(
    [...text.slice(0, head?.index ?? 8_192).matchAll(/^([A-Za-z-]+): (.*)$/gm)].map(([, name, value]) => [
      name!.toLowerCase(),
      value!.trim(),
    ]),
  );
  const validUntilMs = Date.parse(fields.get("valid-until") ?? "");
  return {
    label: fields.get("label") ?? "",
    suite: fields.get("suite") ?? "",
    codename: fields.get("codename") ?? "",
    validUntilMs: Number.isNaN(validUntilMs) ? undefined : validUntilMs,
  };
}

/** Whether an archive is one of security updates. */
export const isSecurityRelease = ({ label, suite, codename }: Release): boolean =>
  /-security$/i.test(label) || /[-/]security$/.test(suite) || /[-/]security$/.test(codename) || label.startsWith("UbuntuESM");

/** `apt-config dump APT::Periodic`. @param isInstalled whether the program is there that would install them */
export function automaticUpdates(dump: string, isInstalled: boolean): Sample["automaticUpdates"] {
  const interval = (name: string) =>
    /^(?:[1-9]\d*[smhd]?|always)$/.test(new RegExp(`^APT::Periodic::${name} "(.*)";$`, "m").exec(dump)?.[1] ?? "");
  if (isInstalled && interval("Unattended-Upgrade")) return "on";
  return interval("Download-Upgradeable-Packages") ? "download-only" : "off";
}
