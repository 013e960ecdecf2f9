/** The package of Windows Installer, made on Linux by wixl from msitools. */
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../sources.ts";
import { makeCabinet } from "./cabinet.ts";
import { makeIcon } from "./icon.ts";
import { mustRun, requireProgram } from "./programs.ts";
import { sign, type Signing } from "./sign.ts";
import { readFileVersion } from "../windows-resources.ts";

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

/** English (United States), as the version in the program's resources. */
const programLanguage = 1033;
/**
 * When an upgrade or a removal is rolled back, the package that stays starts its service again: StopAgent ended it before StopServices, which
 * brings back only what it ended itself. Rolled back in reverse, so it stands before StopAgent. By a program of the system (34), in the
 * rollback script (1024 + 256), as the system (2048); that it may fail is taken into account (64).
 */
const startAgain = {
  action: "StartAgain",
  folder: "System64Folder",
  type: 34 + 64 + 256 + 1024 + 2048,
  sequence: order.StopAgent - 10,
} as const;

/**
 * The program is a versioned file, and is put there whatever version lies in its place. Costing (1000) is over before an upgrade removes
 * the old product: a component whose file is newer on the disk, or has a version where the package names none, would not be installed,
 * and the removal would then leave no agent at all. An agent that has updated itself is such a file.
 * https://learn.microsoft.com/windows/win32/msi/file-versioning-rules, …/reinstallmode (a: whatever its version)
 */
function programCorrections(fileVersion: string): string[] {
  return [
    `UPDATE \`File\` SET \`Version\` = '${fileVersion}', \`Language\` = '${programLanguage}' WHERE \`File\` = 'program'`,
    // Hashes are for files without a version.
    "DELETE FROM `MsiFileHash` WHERE `File_` = 'program'",
    "INSERT INTO `Property` (`Property`, `Value`) VALUES ('REINSTALLMODE', 'amus')",
  ];
}

/**
 * Goes with the component (2: msidbRemoveFileInstallModeOnRemove), whatever its version: the program, which may be newer than the package
 * says and would be spared then, and what an update left beside it until it is confirmed.
 */
function removals(): string[] {
  const columns = "`FileKey`, `Component_`, `FileName`, `DirProperty`, `InstallMode`";
  const files = { program: "", previous: ".previous", failed: ".failed", update: ".update" };
  return Object.entries(files).map(
    ([key, ending]) =>
      `INSERT INTO \`RemoveFile\` (${columns}) VALUES ('${key}', 'Program', 'hauswart-agent.exe${ending}', 'INSTALLDIR', 2)`,
  );
}

/** What wixl 0.101 cannot say, as statements for Windows Installer's own tables. */
function corrections(version: string, fileVersion: string): string[] {
  return [
    ...programCorrections(fileVersion),
    ...removals(),
    `INSERT INTO \`Directory\` (\`Directory\`, \`Directory_Parent\`, \`DefaultDir\`) VALUES ('${startAgain.folder}', 'TARGETDIR', '.')`,
    "INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) " +
      `VALUES ('${startAgain.action}', ${startAgain.type}, '${startAgain.folder}', '[${startAgain.folder}]net.exe start HauswartAgent')`,
    "INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) " +
      `VALUES ('${startAgain.action}', 'REMOVE', ${startAgain.sequence})`,
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
  const statements = corrections(installerVersion(version), readFileVersion(join(workshop, files.program)));
  for (const correction of statements) await mustRun(["msibuild", unsigned, "-q", correction]);
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
