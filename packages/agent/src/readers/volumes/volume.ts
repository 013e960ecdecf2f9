/**
 * Volumes as several features look at them. What each system has to supply: `ReadVolumes`, which lists the volumes that the
 * selection means and measures them, each with a time limit of its own, so that one dead network server does not hide the rest.
 */
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { FileSystemSize, Os } from "../../os/os.ts";

/** As in packages/protocol/src/volumes.ts. */
export interface VolumeSelection {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly networkVolumes: boolean;
  readonly removableVolumes: boolean;
  readonly readOnlyVolumes: boolean;
}

export interface Volume {
  /** Mount point or drive letter. */
  readonly mount: string;
  readonly device: string;
  readonly fileSystem: string;
  /** Whether a person plugs it in, so that its going is nothing special. */
  readonly removable: boolean;
  /** Undefined when it did not answer; then `problem` says why. */
  readonly size: FileSystemSize | undefined;
  readonly problem: string;
}

export interface VolumeList {
  /** Sorted by mount point. */
  readonly volumes: readonly Volume[];
  /** Every place where something is mounted, also what the selection leaves out. */
  readonly mountPoints: ReadonlySet<string>;
}

export interface VolumeReading {
  readonly os: Os;
  readonly selection: VolumeSelection;
  /** Mount points whose last measurement has not come back; kept by the caller between readings, so that a dead server costs one waiting call and not one per cycle. */
  readonly waiting: Set<string>;
}

export type ReadVolumes = (reading: VolumeReading) => Promise<Collected<VolumeList>>;
