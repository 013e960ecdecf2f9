/** The package of Windows Installer, made on Linux by wixl from msitools. */
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../sources.ts";
import { makeCabinet } from "./cabinet.ts";
import { makeIcon } from "./icon.ts";
import { mustRun, requireProgram } from "./programs.ts";
import { sign, type Signing } from "./sign.ts";

const source = join(projectRoot, "packages/agent/packaging/windows/hauswart-agent.wxs");

export interface WindowsPackage {
  readonly program: string;
  /** Of the release; Windows Installer compares three numbers. */
  readonly version: string;
  readonly target: string;
  /** An empty folder to work in. */
  readonly workshop: string;
  /** Undefined: neither program nor package is signed. */
  readonly signing: Signing | undefined;
  /** Tests take the quick one. */
  readonly compression?: "best" | "quick";
}

const upgradeCode = "{7F3B0C52-6E0D-4B7A-9C1E-2A4D5B8E6F10}";
/** Deferred, as the system, from an installed file, checked (3090); with its words kept out of the log (msidbCustomActionTypeHideTarget). */
const hiddenAction = 3090 + 8192;
/** From 0.0.0 to this version, both included: msidbUpgradeAttributesVersionMinInclusive | MaxInclusive. */
const bothIncluded = 256 + 512;

/**
 * Own actions among Windows Installer's, all between InstallInitialize (1500) and InstallFinalize (6600): before StopServices (1900),
 * after DeleteServices (2000) and before RemoveFiles (3500), after InstallServices (5800) and before StartServices (5900).
 */
const order = { StopAgent: 1850, RemoveData: 2100, OrderEnrolment: 5850 } as const;

/** What wixl 0.101 cannot say, as statements for Windows Installer's own tables. */
function corrections(version: string): string[] {
  return [
    // Properties that an installation with raised rights takes over from the command line.
    "UPDATE `Property` SET `Value` = 'CA;NAME;NEWERVERSION;OLDERVERSION;PROXY;SERVER;TOKEN' WHERE `Property` = 'SecureCustomProperties'",
    `UPDATE \`CustomAction\` SET \`Type\` = ${hiddenAction} WHERE \`Action\` = 'OrderEnrolment'`,
    // wixl puts actions of one's own anywhere.
    ...Object.entries(order).map(
      ([action, sequence]) => `UPDATE \`InstallExecuteSequence\` SET \`Sequence\` = ${sequence} WHERE \`Action\` = '${action}'`,
    ),
    // The one feature by name and not ALL: Wine tells a removed package of an upgrade by nothing else.
    "DELETE FROM `Upgrade` WHERE `ActionProperty` = 'OLDERVERSION'",
    "INSERT INTO `Upgrade` (`UpgradeCode`, `VersionMin`, `VersionMax`, `Attributes`, `Remove`, `ActionProperty`) " +
      `VALUES ('${upgradeCode}', '0.0.0', '${version}', ${bothIncluded}, 'Agent', 'OLDERVERSION')`,
  ];
}

/** @throws MissingProgramError without wixl or msibuild */
export async function makeWindowsPackage({ program, version, target, workshop, signing, compression }: WindowsPackage): Promise<void> {
  requireProgram("wixl", "wixl");
  requireProgram("msibuild", "msitools");
  // wixl takes only files that lie below the definition.
  if (signing) await sign(program, join(workshop, "hauswart-agent.exe"), signing);
  else copyFileSync(program, join(workshop, "hauswart-agent.exe"));
  copyFileSync(join(projectRoot, "LICENSE"), join(workshop, "LICENSE.txt"));
  copyFileSync(source, join(workshop, "hauswart-agent.wxs"));
  writeFileSync(join(workshop, "hauswart-agent.ico"), await makeIcon());
  const unsigned = signing ? join(workshop, "unsigned.msi") : target;
  const words = ["--arch", "x64", "-D", `Version=${installerVersion(version)}`, "--output", unsigned, "hauswart-agent.wxs"];
  await mustRun(["wixl", ...words], { cwd: workshop });
  const cabinet = join(workshop, "smaller.cab");
  // Under the names that the table of files gives them.
  const files = { program: "hauswart-agent.exe", license: "LICENSE.txt" };
  const contents = Object.entries(files).map(([name, file]) => ({ name, content: readFileSync(join(workshop, file)) }));
  writeFileSync(cabinet, makeCabinet(contents, compression === "quick" ? 1 : 9));
  await mustRun(["msibuild", unsigned, "-a", "agent.cab", cabinet]);
  for (const correction of corrections(installerVersion(version))) await mustRun(["msibuild", unsigned, "-q", correction]);
  if (signing) await sign(unsigned, target, signing);
}

/** 1.2.3-beta+abcd → 1.2.3. @throws when a number is larger than Windows Installer compares */
export function installerVersion(version: string): string {
  const [, ...numbers] = /^(\d+)\.(\d+)\.(\d+)/.exec(version) ?? [];
  const limits = [255, 255, 65_535];
  if (numbers.length !== 3 || numbers.some((number, index) => Number(number) > limits[index]!))
    throw new Error(`Windows Installer takes no version ${version}: three numbers up to 255, 255 and 65535.`);
  return numbers.join(".");
}
