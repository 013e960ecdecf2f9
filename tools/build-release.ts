/**
 * Makes a release of the agent: `npm run build:release -- --key FILE`. A folder in dist/releases with the signed manifest and its files, to be
 * put into the server's folder of releases as it is.
 *
 *   --key FILE          private release key; may be given twice, to sign with the one that follows as well. HAUSWART_RELEASE_PASSPHRASE
 *                       opens an encrypted one
 *   --version VERSION   instead of the one in packages/agent/package.json
 *   --executables LIST  targets whose executables go along, or all; none without. Agents need them only for a new loader or runtime
 *                       (INSTALLER_SIGNING_… of the environment sign those for Windows, as with the installers)
 *   --signed FOLDER     executables for macOS that Apple's tools have signed, under their names in the release, in the place of those built here
 *   --minimal-runtime VERSION  agents with an older runtime take the executable; 1.4.5 unless said otherwise
 *   --minimal-loader N  agents with an older loader take the executable; 1 unless said otherwise. 2 follows more than one change of keys
 *   --confirm-seconds N what a new agent gets to be welcomed by its server; 300 unless said otherwise
 *   --days N            how long it is offered; 730 unless said otherwise
 */
import { createHash, type KeyObject } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { ReleaseFile } from "@hauswart/protocol/release/manifest.ts";
import { loaderVersion } from "@hauswart/agent/update/slots.ts";
import { agentSourceHash, agentTargets, buildAgent, buildApplication, versionOf } from "./build-agent.ts";
import { signingSettings } from "./installers/sign.ts";
import { provideExecutable } from "./release-executables.ts";
import { releaseKeysOfProject } from "./release-keys.ts";
import { publicKeyOf, readReleaseKey, signManifest } from "./sign-release.ts";
import { projectRoot } from "./sources.ts";

const systems = ["linux", "darwin", "win32"];
/** Releases that agents fetch over slow lines stay below this, bytes. */
const applicationGoalBytes = 2 * 1024 * 1024;
const dayMs = 86_400_000;

const { values } = parseArgs({
  options: {
    key: { type: "string", multiple: true },
    version: { type: "string" },
    executables: { type: "string" },
    signed: { type: "string" },
    "minimal-runtime": { type: "string", default: "1.4.5" },
    "minimal-loader": { type: "string", default: "1" },
    "confirm-seconds": { type: "string", default: "300" },
    days: { type: "string", default: "730" },
  },
});

/** Throws with a sentence for a person. */
function signingKeys(): KeyObject[] {
  if (!values.key) throw new Error("Name the private release key: npm run build:release -- --key FILE. npm run release-key makes one.");
  const keys = values.key.map((path) => readReleaseKey(readFileSync(path, "utf8"), process.env["HAUSWART_RELEASE_PASSPHRASE"]));
  const { keys: known } = releaseKeysOfProject();
  if (!keys.some((key) => known.includes(publicKeyOf(key))))
    throw new Error("No agent of this project believes that key: its public half is not in packaging/release-keys.json.");
  return keys;
}

/** Throws with a sentence for a person. */
function minimalLoader(): number {
  const wanted = Number(values["minimal-loader"]);
  if (Number.isInteger(wanted) && wanted >= 1 && wanted <= loaderVersion) return wanted;
  throw new Error(`--minimal-loader is a number up to ${loaderVersion}, the loader that is built from here.`);
}

function fileOf(folder: string, name: string, of: Pick<ReleaseFile, "kind" | "target">): ReleaseFile {
  const bytes = readFileSync(join(folder, name));
  return { ...of, name, sizeBytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}

async function buildRelease(): Promise<string> {
  const keys = signingKeys();
  const signing = signingSettings(process.env);
  const version = versionOf(agentSourceHash(), values.version);
  const path = join(projectRoot, "dist/releases", version);
  const workshop = `${path}.new`;
  rmSync(workshop, { recursive: true, force: true });
  mkdirSync(workshop, { recursive: true });
  await buildApplication(join(workshop, "agent.pack"), version);
  const application = fileOf(workshop, "agent.pack", { kind: "application", target: "linux" });
  if (application.sizeBytes > applicationGoalBytes) throw new Error(`The application is larger than 2 MB: ${application.sizeBytes} bytes.`);
  const unsigned: string[] = [];
  const files: ReleaseFile[] = systems.map((target) => ({ ...application, target }));
  const targets = values.executables === "all" ? agentTargets : (values.executables?.split(",") ?? []);
  for (const target of targets) {
    const built = await buildAgent(target, { folder: workshop, ...(values.version ? { version: values.version } : {}) });
    const name = `agent-${target}`;
    const signedBy = await provideExecutable({ target, program: built.path, path: join(workshop, name) }, signing, values.signed);
    if (signedBy === "none" || signedBy === "ad-hoc") unsigned.push(target);
    rmSync(built.path);
    rmSync(join(workshop, `.sources-${target}`), { force: true });
    files.push(fileOf(workshop, name, { kind: "executable", target }));
  }
  const now = Date.now();
  const manifest = {
    version,
    channel: "stable",
    createdAtMs: now,
    expiresAtMs: now + Number(values.days) * dayMs,
    minimalLoader: minimalLoader(),
    minimalRuntime: values["minimal-runtime"],
    confirmSeconds: Number(values["confirm-seconds"]),
    files,
  };
  writeFileSync(join(workshop, "release.json"), signManifest(manifest, keys, { statements: releaseKeysOfProject().statements }));
  rmSync(path, { recursive: true, force: true });
  renameSync(workshop, path);
  const warning =
    unsigned.length > 0
      ? `\nNobody has signed ${unsigned.join(", ")}: computers that ask for a signature refuse them (docs/agent-updates.md).`
      : "";
  return `${path}: ${version}, application ${(application.sizeBytes / 1e6).toFixed(2)} MB, ${targets.length} executables. Copy the folder into the server's folder of releases.${warning}`;
}

try {
  console.log(await buildRelease());
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
