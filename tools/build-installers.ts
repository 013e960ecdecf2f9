/**
 * `npm run build:installers`: makes the agent's installers into dist/installers, on Linux. What has not changed is not made again; what
 * needs a program that is not there is named and left out. `-- --only FILE,FILE` makes some, `--json` prints sizes and hashes.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildAgent } from "./build-agent.ts";
import { expectedHeader, readHeader } from "./installers/headers.ts";
import { installers, type Installer } from "./installers/list.ts";
import { MissingProgramError } from "./installers/programs.ts";
import { signingSettings, signingStamp, type Signing } from "./installers/sign.ts";
import { isSignatureFitting } from "./macos-signature.ts";
import { sourceHash } from "./source-hash.ts";
import { projectRoot } from "./sources.ts";

const dist = join(projectRoot, "dist/installers");
const listName = "installers.json";

/** What is known of an installer that lies in dist/installers; the server reads it. */
export interface BuiltInstaller {
  readonly file: string;
  readonly version: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

export interface InstallerResult {
  readonly file: string;
  readonly built?: BuiltInstaller;
  readonly wasUpToDate?: boolean;
  /** Why it is not there. */
  readonly problem?: string;
  /** Of a program that is not on this computer, and not of the project. */
  readonly isSkipped?: boolean;
}

async function buildInstaller(installer: Installer, signing: Signing | undefined): Promise<InstallerResult> {
  const { file, agent, limitBytes } = installer;
  const { path: program, version } = await buildAgent(agent);
  const header = readHeader(program);
  if (!Bun.deepEquals(header, expectedHeader(agent))) throw new Error(`the program for ${agent} is none for it: ${JSON.stringify(header)}`);
  if (header.format === "mach-o" && !isSignatureFitting(readFileSync(program)))
    throw new Error(`the signature of ${agent} does not fit it`);
  const sources = ["packages/agent/packaging", "tools/installers", "LICENSE"];
  const key = `${await hashOf(program)} ${version} ${sourceHash(sources, /\.test\.ts$/)} ${signingStamp(signing)}`;
  const target = join(dist, file);
  const stamp = join(dist, `.made-${file}`);
  const wasUpToDate = existsSync(target) && existsSync(stamp) && readFileSync(stamp, "utf8") === key;
  if (!wasUpToDate) {
    const workshop = join(dist, `.build-${process.pid}-${file}`);
    mkdirSync(workshop, { recursive: true });
    const making = join(dist, `.new-${process.pid}-${file}`);
    try {
      await installer.make({ program, version, target: making, workshop, signing });
      renameSync(making, target);
    } finally {
      rmSync(workshop, { recursive: true, force: true });
      rmSync(making, { force: true });
    }
    writeFileSync(stamp, key);
  }
  const bytes = statSync(target).size;
  if (limitBytes !== undefined && bytes > limitBytes) throw new Error(`${bytes} bytes are more than the ${limitBytes} that were promised`);
  return { file, wasUpToDate, built: { file, version, bytes, sha256: await hashOf(target) } };
}

async function hashOf(path: string): Promise<string> {
  const hash = new Bun.CryptoHasher("sha256");
  for await (const part of Bun.file(path).stream()) hash.update(part);
  return hash.digest("hex");
}

/** Makes the installers one after the other. @param only their files; all when left out. @throws for a file that is none */
export async function buildInstallers(only?: readonly string[], signing = signingSettings(process.env)): Promise<InstallerResult[]> {
  const unknown = only?.find((file) => !installers.some((installer) => installer.file === file));
  if (unknown !== undefined)
    throw new Error(`There is no installer "${unknown}". There are: ${installers.map(({ file }) => file).join(", ")}.`);
  mkdirSync(dist, { recursive: true });
  const results: InstallerResult[] = [];
  for (const installer of installers.filter(({ file }) => only?.includes(file) ?? true)) {
    try {
      results.push(await buildInstaller(installer, signing));
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      results.push({ file: installer.file, problem, isSkipped: error instanceof MissingProgramError });
    }
  }
  noteDown(results);
  return results;
}

/** The list that the server reads: what was made now, and what lies there from before. */
function noteDown(results: readonly InstallerResult[]): void {
  const path = join(dist, listName);
  const before = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as BuiltInstaller[]) : [];
  const made = results.flatMap(({ built }) => built ?? []);
  const there = new Set(readdirSync(dist));
  const kept = before.filter(({ file }) => there.has(file) && !made.some((one) => one.file === file));
  writeFileSync(`${path}.new`, `${JSON.stringify([...made, ...kept], null, 2)}\n`);
  renameSync(`${path}.new`, path);
}

function line({ file, built, wasUpToDate, problem, isSkipped }: InstallerResult): string {
  if (!built) return `${file}: ${isSkipped ? "left out" : "failed"}: ${problem ?? ""}`;
  return `${file}: ${wasUpToDate ? "up to date" : "made"}, ${built.version}, ${(built.bytes / 1024 / 1024).toFixed(1)} MiB`;
}

if (import.meta.main) {
  try {
    const { values } = parseArgs({ options: { only: { type: "string" }, json: { type: "boolean", default: false } } });
    const results = await buildInstallers(values.only?.split(","));
    if (values.json) console.log(JSON.stringify(results, null, 2));
    else for (const result of results) console.log(line(result));
    process.exit(results.some(({ built, isSkipped }) => !built && !isSkipped) ? 1 : 0);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(1);
  }
}
