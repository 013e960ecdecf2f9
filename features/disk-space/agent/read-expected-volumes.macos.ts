import type { ReadExpectedVolumes } from "./expected-volumes.ts";

/** macOS keeps no list of volumes that must be there at each start. */
export const readExpectedVolumes: ReadExpectedVolumes = async () => [];
