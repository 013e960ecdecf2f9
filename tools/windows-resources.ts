/** What Windows shows of the program: its icon, name and version, as resources of the executable. Bun sets them on Windows alone. */
import { readFileSync, writeFileSync } from "node:fs";
import { Data, NtExecutable, NtExecutableResource, Resource } from "resedit";
import { makeIcon } from "./installers/icon.ts";

/** English (United States) in Unicode; what is shown of a program is not translated. */
const language = { lang: 1033, codepage: 1200 };
const mainIcon = 1;

/** What the properties of the file say. */
export const programWords = {
  CompanyName: "Hauswart",
  FileDescription: "Hauswart Agent",
  InternalName: "hauswart-agent",
  LegalCopyright: "Apache License 2.0",
  OriginalFilename: "hauswart-agent.exe",
  ProductName: "Hauswart Agent",
} as const;

/**
 * Copies a Windows program, with our words and icon in the place of its own. Done to the runtime before the agent is put behind it: the
 * parts of the file may move while it is done.
 * @param version such as 1.2.3+abcd; Windows compares its three numbers
 */
export async function brandProgram(from: string, to: string, version: string): Promise<void> {
  const program = NtExecutable.from(readFileSync(from), { ignoreCert: true });
  const resources = NtExecutableResource.from(program);
  const icons = Data.IconFile.from((await makeIcon()).slice().buffer).icons.map(({ data }) => data);
  for (const { id, lang } of Resource.IconGroupEntry.fromEntries(resources.entries)) resources.removeResourceEntry(14, id, lang);
  Resource.IconGroupEntry.replaceIconsForResource(resources.entries, mainIcon, language.lang, icons);
  for (const { lang } of Resource.VersionInfo.fromEntries(resources.entries)) resources.removeResourceEntry(16, 1, lang);
  const words = Resource.VersionInfo.createEmpty();
  const [major = 0, minor = 0, patch = 0] = /^(\d+)\.(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number) ?? [];
  words.setFileVersion(major, minor, patch, 0, language.lang);
  words.setProductVersion(major, minor, patch, 0, language.lang);
  words.setStringValues(language, { ...programWords, FileVersion: version, ProductVersion: version });
  words.outputToResourceEntries(resources.entries);
  resources.outputResource(program);
  writeFileSync(to, Buffer.from(program.generate()));
}

/** What a program shows: its words and the sizes of its icon. */
export function readProgramWords(path: string): { words: Record<string, string>; iconSizes: number[] } {
  const { entries } = NtExecutableResource.from(NtExecutable.from(withoutApplication(readFileSync(path)), { ignoreCert: true }));
  const [version] = Resource.VersionInfo.fromEntries(entries);
  const [group] = Resource.IconGroupEntry.fromEntries(entries);
  return {
    words: { ...version?.getStringValues(language) },
    iconSizes: (group?.icons ?? []).map(({ width }) => width || 256),
  };
}

/**
 * The version in VS_FIXEDFILEINFO, which Windows Installer compares with that of a file in its place.
 * @returns four numbers with dots between them @throws when the program has none
 */
export function readFileVersion(path: string): string {
  const { entries } = NtExecutableResource.from(NtExecutable.from(withoutApplication(readFileSync(path)), { ignoreCert: true }));
  const [words] = Resource.VersionInfo.fromEntries(entries);
  if (!words) throw new Error(`${path} says no version.`);
  const { fileVersionMS: upper, fileVersionLS: lower } = words.fixedInfo;
  return [upper >>> 16, upper & 0xffff, lower >>> 16, lower & 0xffff].join(".");
}

/** Bun puts the application into a section of its own behind the resources; the library reads no file that has one there. */
function withoutApplication(program: Buffer): Buffer {
  const header = program.readUInt32LE(60) + 4;
  const count = program.readUInt16LE(header + 2);
  const last = header + 20 + program.readUInt16LE(header + 16) + 40 * (count - 1);
  if (program.toString("latin1", last, last + 4) === ".bun") program.writeUInt16LE(count - 1, header + 2);
  return program;
}
