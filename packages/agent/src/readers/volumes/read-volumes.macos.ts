import type { ReadVolumes } from "./volume.ts";

export const readVolumes: ReadVolumes = async () => ({
  failed: "COLLECT_UNSUPPORTED",
  detail: "This agent cannot read volumes on macOS yet.",
});
