/**
 * What a release of the agent is: a manifest, signed by the release key, that names its files. Read by the agent's loader, so it is
 * parsed by hand, without a schema library.
 *
 * On the wire and on disk it is an envelope: `{"format":1,"manifest":"…","signatures":[{"key":"…","signature":"…"}],"keys":[…]}`. The manifest
 * stands in it as text, and exactly that text is signed; `keys` leads from older release keys to the ones that have signed (key-chain.ts). Fields that a reader does not know are left alone, so that agents of up
 * to two years ago read what is written today; what they could not do right with gets another format number.
 */
import {
  followKeys,
  isSignedBySet,
  parseKeyStatements,
  type KeySet,
  type KeyStatement,
  type Signature,
  type VerifySignature,
} from "./key-chain.ts";
import { isVersion } from "./version-order.ts";

/** The newest format that this code reads and writes. Format 1 is kept until no supported agent needs it. */
export const manifestFormat = 1;
/** An envelope is never larger, bytes. */
export const envelopeLimitBytes = 32 * 1024;
/** An application bundle is never larger. */
export const applicationLimitBytes = 4 * 1024 * 1024;
/** An executable, runtime and all, is never larger. */
export const executableLimitBytes = 200 * 1024 * 1024;

/** Systems by Node's names, as `process.platform` says them. */
const systems = ["linux", "darwin", "win32"];
/** What a new agent gets to find its server when the manifest does not say, seconds. */
const usualConfirmSeconds = 300;

export interface ReleaseFile {
  /** `application`: what the loader loads; for a system. `executable`: loader, runtime and application; for a build target. */
  readonly kind: "application" | "executable";
  /** linux, darwin or win32 for an application; a target of the build such as linux-x64-musl for an executable. */
  readonly target: string;
  readonly name: string;
  readonly sizeBytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

export interface ReleaseManifest {
  readonly version: string;
  readonly channel: string;
  /** Unix time in milliseconds. */
  readonly createdAtMs: number;
  /** Not begun after that; a release that has been begun is ended. Unix time in milliseconds. */
  readonly expiresAtMs: number;
  /** The least loader that can load the application; an agent with an older one needs the executable. */
  readonly minimalLoader: number;
  /** The application relies on this version of the runtime or a later one. */
  readonly minimalRuntime: string;
  /** How long a new agent may take until its server has welcomed it, seconds. */
  readonly confirmSeconds: number;
  readonly files: readonly ReleaseFile[];
}

export interface ReleaseEnvelope {
  readonly format: number;
  /** The manifest's text, which is what is signed. */
  readonly text: string;
  readonly signatures: readonly Signature[];
  /** Which keys have followed which. */
  readonly keys: readonly KeyStatement[];
}

/** Why a manifest is not taken. */
export type ManifestProblem =
  | "MANIFEST_MALFORMED"
  | "MANIFEST_FORMAT_UNKNOWN"
  | "MANIFEST_NOT_SIGNED"
  | "MANIFEST_EXPIRED"
  | "MANIFEST_OLDER"
  | "MANIFEST_OTHER_CHANNEL"
  | "MANIFEST_OTHER_SYSTEM";

export class ManifestError extends Error {
  readonly code: ManifestProblem;
  constructor(code: ManifestProblem, detail: string) {
    super(detail);
    this.name = "ManifestError";
    this.code = code;
  }
}

/** The exact bytes that the release key signs. */
export const releaseProof = (manifestText: string): Uint8Array => new TextEncoder().encode(`hauswart/1/release\n${manifestText}`);

/**
 * Takes an envelope apart without believing it.
 * @throws ManifestError MANIFEST_MALFORMED, MANIFEST_FORMAT_UNKNOWN
 */
export function openEnvelope(envelope: string): ReleaseEnvelope {
  if (envelope.length > envelopeLimitBytes) throw malformed("the envelope is too large");
  const { format, manifest, signatures, keys } = record(parseJson(envelope), "the envelope");
  if (typeof format !== "number" || !Number.isInteger(format) || format < 1) throw malformed("the envelope names no format");
  if (format > manifestFormat) throw new ManifestError("MANIFEST_FORMAT_UNKNOWN", `format ${format} is newer than this agent`);
  if (typeof manifest !== "string" || !Array.isArray(signatures) || signatures.length > 8) throw malformed("the envelope is not whole");
  return {
    format,
    text: manifest,
    signatures: signatures.map((each) => {
      const { key, signature } = record(each, "a signature");
      return { key: text(key, "a signature's key", 100), signature: text(signature, "a signature", 200) };
    }),
    keys: parseKeyStatements(keys),
  };
}

/** A release that is believed. */
export interface SignedRelease {
  readonly manifest: ReleaseManifest;
  /** What led from the keys that were trusted to those that have signed; empty where those are the same. */
  readonly statements: readonly KeyStatement[];
}

/**
 * Reads a release that a trusted key has signed, or a key that has followed it by the statements in the envelope.
 * @throws ManifestError MANIFEST_MALFORMED, MANIFEST_FORMAT_UNKNOWN, MANIFEST_NOT_SIGNED
 */
export async function readRelease(envelope: string, trusted: KeySet, verify: VerifySignature): Promise<SignedRelease> {
  const opened = openEnvelope(envelope);
  const { set, statements } = await followKeys(trusted, opened.keys, verify);
  if (await isSignedBySet(releaseProof(opened.text), opened.signatures, set, verify))
    return { manifest: parseManifest(opened.text), statements };
  throw new ManifestError("MANIFEST_NOT_SIGNED", "no signature of a release key that this build knows, or that has followed one");
}

/** As `readRelease`, of which it returns the manifest. */
export async function readManifest(envelope: string, trusted: KeySet, verify: VerifySignature): Promise<ReleaseManifest> {
  return (await readRelease(envelope, trusted, verify)).manifest;
}

function parseManifest(manifestText: string): ReleaseManifest {
  const fields = record(parseJson(manifestText), "the manifest");
  if (fields["product"] !== "hauswart-agent") throw malformed("it is of another product");
  const version = text(fields["version"], "the version", 40);
  const minimalRuntime = text(fields["minimalRuntime"], "the least runtime", 40);
  if (!isVersion(version) || !isVersion(minimalRuntime)) throw malformed("it names no version");
  if (!Array.isArray(fields["files"]) || fields["files"].length > 40) throw malformed("it names no files");
  return {
    version,
    channel: text(fields["channel"], "the channel", 40),
    createdAtMs: whole(fields["createdAtMs"], "the date", 8.64e15),
    expiresAtMs: whole(fields["expiresAtMs"], "the end", 8.64e15),
    minimalLoader: whole(fields["minimalLoader"], "the least loader", 1_000_000),
    minimalRuntime,
    confirmSeconds: fields["confirmSeconds"] === undefined ? usualConfirmSeconds : whole(fields["confirmSeconds"], "the patience", 3_600),
    // A kind of file that is not known is for others.
    files: fields["files"].flatMap((each) => parseFile(each) ?? []),
  };
}

function parseFile(value: unknown): ReleaseFile | undefined {
  const { kind, target, name, sizeBytes, sha256 } = record(value, "a file");
  if (kind !== "application" && kind !== "executable") return undefined;
  const file = {
    kind,
    target: text(target, "a file's target", 40),
    name: text(name, "a file's name", 100),
    sizeBytes: whole(sizeBytes, "a file's size", kind === "application" ? applicationLimitBytes : executableLimitBytes),
    sha256: text(sha256, "a file's hash", 64),
  } as const;
  if (!/^[0-9a-f]{64}$/.test(file.sha256)) throw malformed("a file's hash is none");
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(file.name)) throw malformed("a file's name leads elsewhere");
  if (kind === "application" && !systems.includes(file.target)) return undefined;
  return file;
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw malformed("it is not JSON");
  }
}

function record(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw malformed(`${what} is no object`);
  return value as Readonly<Record<string, unknown>>;
}

function text(value: unknown, what: string, longest: number): string {
  if (typeof value !== "string" || value === "" || value.length > longest) throw malformed(`${what} is missing or too long`);
  return value;
}

function whole(value: unknown, what: string, most: number): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > most) throw malformed(`${what} is no such number`);
  return value;
}

const malformed = (detail: string) => new ManifestError("MANIFEST_MALFORMED", `The release is malformed: ${detail}.`);
