/** A drive as it is found. What each system has to supply: `ReadDrives`. */
import type { CollectContext } from "@hauswart/agent/collector.ts";
import { clip, subjectLimit, textLimit } from "@hauswart/agent/readers/clip.ts";
import type { NoDataCodeOf, SampleOf, SelectionOf } from "@hauswart/protocol/check.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { diskHealth } from "../protocol.ts";

export type Drive = SampleOf<typeof diskHealth>["drives"][number];
export type Selection = SelectionOf<typeof diskHealth>;
export type Environment = SampleOf<typeof diskHealth>["environment"];

/** A drive as the system knows it, whether it answers or not. */
export interface Place {
  /** What the system calls it, which need not be what it calls itself. */
  readonly systemName: string;
  /** It comes and goes as people please: at USB. */
  readonly isLoose: boolean;
}

/** What was found on a computer. */
export interface Found {
  readonly environment: Environment;
  readonly drives: readonly Drive[];
  /** By device. */
  readonly places: ReadonlyMap<string, Place>;
  readonly virtualCount: number;
}

export type Context = Pick<CollectContext<typeof diskHealth>, "os" | "selection" | "signal">;

/** Throws OsError when it cannot be told which drives there are. */
export type ReadDrives = (context: Context) => Promise<Collected<Found, NoDataCodeOf<typeof diskHealth>>>;

/** What a drive tells of its health. */
export type Health = Omit<Drive, "drive" | "device" | "state" | "problem" | "source">;

export const unknownHealth: Health = {
  kind: "unknown",
  firmware: "",
  capacityBytes: null,
  prediction: "not-told",
  failingReasons: "",
  isReadOnly: null,
  spareThresholdPercent: null,
  warningAtCelsius: null,
  criticalAtCelsius: null,
  temperatureCelsius: null,
  wearPercent: null,
  availableSparePercent: null,
  reallocatedCount: null,
  pendingCount: null,
  uncorrectableCount: null,
  mediaErrorCount: null,
  transferErrorCount: null,
  powerOnSeconds: null,
};

/** Model and serial number; the device where neither is known. */
export function driveName(model: string, serial: string, device: string): string {
  const name = [model.trim(), serial.trim()].filter(Boolean).join(" ");
  return clip(name || device, subjectLimit);
}

export function makeDrive(said: Pick<Drive, "drive" | "device" | "state"> & Partial<Drive>): Drive {
  const drive: Drive = { ...unknownHealth, problem: "", source: "none", ...said };
  return {
    ...drive,
    device: clip(drive.device, textLimit),
    firmware: clip(drive.firmware, textLimit),
    problem: clip(drive.problem, textLimit),
    failingReasons: clip(drive.failingReasons, textLimit),
  };
}

/** A share that a drive told; more than all of it counts as all. */
export const asPercent = (value: number): number => Math.min(100, Math.max(0, value));

/** A counter that a drive told; null for what is no counter that a drive could have. */
export const asCount = (value: number | undefined): number | null =>
  value !== undefined && Number.isSafeInteger(value) && value >= 0 ? value : null;

/** A temperature that a drive told; null for what only stands for none. */
export const asCelsius = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) && value > -40 && value < 150 && value !== 0 ? Math.round(value) : null;

/** Hours of life as seconds; null beyond 60 years, which is some other unit. */
export const asLifeSeconds = (hours: number | undefined): number | null =>
  hours !== undefined && hours >= 0 && hours < 530_000 ? hours * 3_600 : null;
