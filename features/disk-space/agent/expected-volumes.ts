/**
 * Which volumes the system's own configuration mounts at each start. What each system has to supply: `ReadExpectedVolumes`.
 * Only used to notice what is not there, so a system that keeps no such list answers with none.
 */
import type { Os } from "@hauswart/agent/os/os.ts";
import type { VolumeSelection } from "@hauswart/agent/readers/volumes/volume.ts";

export interface ExpectedVolume {
  readonly mount: string;
  readonly device: string;
  readonly fileSystem: string;
}

export type ReadExpectedVolumes = (os: Os, selection: VolumeSelection) => Promise<readonly ExpectedVolume[]>;
