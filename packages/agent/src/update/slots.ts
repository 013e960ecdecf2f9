/** A bundle on the disk: the signed manifest and the application that it names. Believed only after its signature and its hash. */
import { followKeys, parseKeyStatements, type KeySet, type VerifySignature } from "@hauswart/protocol/release/key-chain.ts";
import {
  readRelease,
  ManifestError,
  type ReleaseFile,
  type ReleaseManifest,
  type SignedRelease,
} from "@hauswart/protocol/release/manifest.ts";
import { compareVersions } from "@hauswart/protocol/release/version-order.ts";
import { verifierOf } from "../identity/key.ts";
import { readState, type Slot } from "./state.ts";
import type { UpdateFiles } from "./update-files.ts";

/**
 * Counts the contract between loader and application; a manifest names the least one that it needs.
 * 1: the first. 2: follows release keys by their statements, and hears that an end was ordered.
 */
export const loaderVersion = 2;

export const bundleName = (slot: Slot): string => `slot-${slot}.pack`;
/** Where its modules lie. */
export const moduleFolder = (slot: Slot): string => `slot-${slot}`;
export const envelopeName = (slot: Slot): string => `slot-${slot}.json`;

const verify: VerifySignature = async (key, message, signature) => (await verifierOf(key))(message, signature);

/**
 * Reads a release by the keys of this build and those that have followed them: on this computer until now, or by the release itself.
 * @throws ManifestError
 */
export async function readSigned(envelope: string, { files, keys }: Pick<SlotCheck, "files" | "keys">): Promise<SignedRelease> {
  const kept = await followKeys(keys, parseKeyStatements(readState(files).keys), verify);
  const { manifest, statements } = await readRelease(envelope, kept.set, verify);
  return { manifest, statements: [...kept.statements, ...statements] };
}

/** The application for a system. @throws ManifestError MANIFEST_OTHER_SYSTEM */
export function applicationFor(manifest: ReleaseManifest, system: string): ReleaseFile {
  const file = manifest.files.find(({ kind, target }) => kind === "application" && target === system);
  if (!file) throw new ManifestError("MANIFEST_OTHER_SYSTEM", `Release ${manifest.version} has no application for ${system}.`);
  return file;
}

/** Whether this executable can load that application. */
export function canLoad(manifest: ReleaseManifest, { loader, runtime }: Pick<SlotCheck, "loader" | "runtime">): boolean {
  return manifest.minimalLoader <= loader && compareVersions(runtime, manifest.minimalRuntime) >= 0;
}

export interface SlotCheck {
  readonly files: UpdateFiles;
  readonly keys: KeySet;
  readonly system: string;
  /** Of the executable, which may be older than the application that asks. */
  readonly loader: number;
  readonly runtime: string;
}

/** A bundle that may be loaded. @throws Error with the reason, for a person */
export async function checkSlot(check: SlotCheck, slot: Slot): Promise<ReleaseManifest> {
  const { files, system } = check;
  const envelope = files.read(envelopeName(slot));
  const bundle = bundleName(slot);
  if (!envelope || files.size(bundle) === 0) throw new Error(`Slot ${slot} is empty.`);
  const { manifest } = await readSigned(Buffer.from(envelope).toString(), check);
  const file = applicationFor(manifest, system);
  if (!canLoad(manifest, check)) throw new Error(`Release ${manifest.version} needs a newer executable.`);
  // Piece by piece: as a whole it would leave its mark on the memory of the agent.
  if (files.size(bundle) !== file.sizeBytes || files.hash(bundle) !== file.sha256)
    throw new Error(`The application in slot ${slot} is not the one that was released.`);
  return manifest;
}
