/** A volume as an agent tells of it, for tests. */
import type { SampleOf } from "@hauswart/protocol/check.ts";
import type { diskSpace } from "../../protocol.ts";

export type Volume = SampleOf<typeof diskSpace>["volumes"][number];

/** A volume of 100 GB, half of it free. */
export const madeVolume = (changes: Partial<Volume> = {}): Volume => ({
  mount: "/",
  device: "/dev/sda1",
  fileSystem: "ext4",
  state: "measured",
  problem: "",
  expected: false,
  absentSince: null,
  totalBytes: 100e9,
  availableBytes: 50e9,
  availableInodesPercent: 80,
  ...changes,
});
