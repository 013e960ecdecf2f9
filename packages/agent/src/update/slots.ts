/** A bundle on the disk: the signed manifest and the application that it names. Believed only after its signature and its hash. */
import { readManifest, ManifestError, type ReleaseFile, type ReleaseManifest } from "@hauswart/protocol/release/manifest.ts";
import { compareVersions } from "@hauswart/protocol/release/version-order.ts";
import { verifierOf } from "../identity/key.ts";
import type { Slot } from "./state.ts";
import type { UpdateFiles } from "./update-files.ts";

/** Counts the contract between loader and application; a manifest names the least one that it needs. */
export const loaderVersion = 1;

export const bundleName = (slot: Slot): string => `slot-${slot}.pack`;
/** Where its modules lie. */
export const moduleFolder = (slot: Slot): string => `slot-${slot}`;
export const envelopeName = (slot: Slot): string => `slot-${slot}.json`;

/** @throws ManifestError */
export function readSigned(envelope: string, keys: readonly string[]): Promise<ReleaseManifest> {
  return readManifest(envelope, keys, async (key, message, signature) => (await verifierOf(key))(message, signature));
}

/** The application for a system. @throws ManifestError MANIFEST_OTHER_SYSTEM */
export function applicationFor(manifest: ReleaseManifest, system: string): ReleaseFile {
  const file = manifest.files.find(({ kind, target }) => kind === "application" && target === system);
  if (!file) throw new ManifestError("MANIFEST_OTHER_SYSTEM", `Release ${manifest.version} has no application for ${system}.`);
  return file;
}

/** Whether this executable can load that application. */
export function canLoad(manifest: ReleaseManifest, runtime: string): boolean {
  return manifest.minimalLoader <= loaderVersion && compareVersions(runtime, manifest.minimalRuntime) >= 0;
}

export interface SlotCheck {
  readonly files: UpdateFiles;
  readonly keys: readonly string[];
  readonly system: string;
  readonly runtime: string;
}

/** A bundle that may be loaded. @throws Error with the reason, for a person */
export async function checkSlot({ files, keys, system, runtime }: SlotCheck, slot: Slot): Promise<ReleaseManifest> {
  const envelope = files.read(envelopeName(slot));
  const bundle = bundleName(slot);
  if (!envelope || files.size(bundle) === 0) throw new Error(`Slot ${slot} is empty.`);
  const manifest = await readSigned(Buffer.from(envelope).toString(), keys);
  const file = applicationFor(manifest, system);
  if (!canLoad(manifest, runtime)) throw new Error(`Release ${manifest.version} needs a newer executable.`);
  // Piece by piece: as a whole it would leave its mark on the memory of the agent.
  if (files.size(bundle) !== file.sizeBytes || files.hash(bundle) !== file.sha256)
    throw new Error(`The application in slot ${slot} is not the one that was released.`);
  return manifest;
}
