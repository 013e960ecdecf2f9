/**
 * Remembers which volumes were there, so that one that is gone is told instead of forgotten. Pure: what is remembered goes in
 * and comes out.
 */
import type { Volume, VolumeList } from "@hauswart/agent/readers/volumes/volume.ts";
import type { ExpectedVolume } from "./expected-volumes.ts";

export interface RememberedVolume {
  readonly device: string;
  readonly fileSystem: string;
  /** Since when it has been missed, Unix time in milliseconds; null while it is there. */
  readonly absentSince: number | null;
}

export type RememberedVolumes = Readonly<Record<string, RememberedVolume>>;

export interface AbsentVolume extends RememberedVolume {
  readonly mount: string;
  readonly expected: boolean;
  readonly absentSince: number;
}

export interface Attendance {
  readonly absent: readonly AbsentVolume[];
  readonly remembered: RememberedVolumes;
}

/** What the host kept over a restart; anything that is not what was put there counts as nothing. */
export function rememberedFrom(kept: unknown): RememberedVolumes {
  if (typeof kept !== "object" || kept === null) return {};
  const remembered: Record<string, RememberedVolume> = {};
  for (const [mount, value] of Object.entries(kept) as [string, Partial<RememberedVolume> | null][]) {
    const { device, fileSystem, absentSince } = value ?? {};
    if (typeof device !== "string" || typeof fileSystem !== "string") continue;
    remembered[mount] = { device, fileSystem, absentSince: typeof absentSince === "number" ? absentSince : null };
  }
  return remembered;
}

export interface TakeAttendance {
  readonly list: VolumeList;
  readonly expected: readonly ExpectedVolume[];
  readonly remembered: RememberedVolumes;
  /** Whether the settings still mean the volume at this place. */
  readonly isSelected: (mount: string) => boolean;
  readonly forgetAfterMs: number;
  readonly nowMs: number;
}

/** Compares who is there with who was and who should be. */
export function takeAttendance({ list, expected, remembered, isSelected, forgetAfterMs, nowMs }: TakeAttendance): Attendance {
  const next: Record<string, RememberedVolume> = {};
  const absent: AbsentVolume[] = [];
  const expectedMounts = new Set(expected.map(({ mount }) => mount));
  for (const volume of list.volumes) if (!volume.removable) next[volume.mount] = here(volume);

  const candidates: RememberedVolumes = { ...Object.fromEntries(expected.map((volume) => [volume.mount, here(volume)])), ...remembered };
  for (const [mount, known] of Object.entries(candidates)) {
    // Still mounted but not in the list: the settings or the choice among mounts changed, nothing is missing.
    if (list.mountPoints.has(mount) || !isSelected(mount)) continue;
    const absentSince = known.absentSince ?? nowMs;
    const isExpected = expectedMounts.has(mount);
    if (!isExpected && nowMs - absentSince >= forgetAfterMs) continue;
    next[mount] = { ...known, absentSince };
    absent.push({ mount, device: known.device, fileSystem: known.fileSystem, expected: isExpected, absentSince });
  }
  return { absent, remembered: next };
}

const here = ({ device, fileSystem }: Pick<Volume, "device" | "fileSystem">): RememberedVolume => ({
  device,
  fileSystem,
  absentSince: null,
});
