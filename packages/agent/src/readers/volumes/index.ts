/** Reads the volumes of whatever system the agent runs on. */
import type { PerSystem, SystemName } from "@hauswart/protocol/check.ts";
import { readVolumes as linux } from "./read-volumes.linux.ts";
import { readVolumes as darwin } from "./read-volumes.macos.ts";
import { readVolumes as win32 } from "./read-volumes.windows.ts";
import type { ReadVolumes } from "./volume.ts";

const perSystem = { linux, darwin, win32 } satisfies PerSystem<ReadVolumes>;

export const volumeReader = (system: SystemName): ReadVolumes => perSystem[system];
