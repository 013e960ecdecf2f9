/** A drive as an agent tells of it, for tests. */
import type { SampleOf } from "@hauswart/protocol/check.ts";
import type { diskHealth } from "../../protocol.ts";

export type Drive = SampleOf<typeof diskHealth>["drives"][number];

/** A healthy hard disk that tells everything. */
export const madeDrive = (changes: Partial<Drive> = {}): Drive => ({
  drive: "HD 1",
  device: "/dev/sda",
  kind: "hard-disk",
  firmware: "1",
  capacityBytes: 1e12,
  state: "measured",
  problem: "",
  source: "drive",
  prediction: "healthy",
  failingReasons: "",
  isReadOnly: null,
  spareThresholdPercent: null,
  warningAtCelsius: null,
  criticalAtCelsius: null,
  temperatureCelsius: 35,
  wearPercent: null,
  availableSparePercent: null,
  reallocatedCount: 0,
  pendingCount: 0,
  uncorrectableCount: 0,
  mediaErrorCount: 0,
  transferErrorCount: 0,
  powerOnSeconds: 3_600,
  ...changes,
});

/** What a drive tells that says nothing of its health. */
export const silence: Partial<Drive> = {
  source: "none",
  prediction: "not-told",
  temperatureCelsius: null,
  reallocatedCount: null,
  pendingCount: null,
  uncorrectableCount: null,
  mediaErrorCount: null,
  transferErrorCount: null,
  powerOnSeconds: null,
};

/** A sample of a physical computer with these drives. */
export const madeSample = (...drives: Drive[]): SampleOf<typeof diskHealth> => ({
  environment: "physical",
  physicalCount: drives.length,
  virtualCount: 0,
  drives,
});
