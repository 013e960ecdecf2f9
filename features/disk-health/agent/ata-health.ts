/**
 * What ATA attributes mean for a drive's health. Their numbers are convention and not standard: only those are used that makers agree
 * about, and of the raw values those bytes that hold the counter.
 */
import type { AtaAttribute, AtaStatistics } from "./ata-pages.ts";
import { asCelsius, asCount, asLifeSeconds, asPercent, unknownHealth, type Health } from "./health.ts";

const ids = {
  reallocated: 5,
  powerOnHours: 9,
  reportedUncorrectable: 187,
  airflowTemperature: 190,
  temperature: 194,
  pending: 197,
  offlineUncorrectable: 198,
  transferErrors: 199,
} as const;
/**
 * Remaining life as the normalised value, by maker: Intel 233, Micron 202, Samsung 177, Phison and SandForce 231, others 169.
 * Where 231 is beside 233, one of both is something else that stays at 100 (what was written, on drives of Phison, Maxio and Seagate; errors
 * of the line, on Intel's for Lenovo; smartmontools' drivedb.h): the lower one counts. Before 202 and 177, 231 would be wrong: some drives tell
 * a temperature by it.
 */
const lifeLeft = [233, 202, 177, 231, 169] as const;

/** Names of the attributes whose fall below their threshold is told, as smartmontools calls them. */
const names: Readonly<Record<number, string>> = {
  1: "Raw_Read_Error_Rate",
  3: "Spin_Up_Time",
  5: "Reallocated_Sector_Ct",
  7: "Seek_Error_Rate",
  10: "Spin_Retry_Count",
  177: "Wear_Leveling_Count",
  179: "Used_Rsvd_Blk_Cnt_Tot",
  184: "End-to-End_Error",
  187: "Reported_Uncorrect",
  196: "Reallocated_Event_Count",
  197: "Current_Pending_Sector",
  198: "Offline_Uncorrectable",
  202: "Percent_Lifetime_Remain",
  231: "SSD_Life_Left",
  233: "Media_Wearout_Indicator",
};

const lower = (raw: number, bytes: number) => raw % 256 ** bytes;

export interface AtaReading {
  readonly attributes: readonly AtaAttribute[];
  readonly statistics: AtaStatistics;
  readonly isSsd: boolean | undefined;
  /** The drive's own verdict; undefined where it gave none. */
  readonly predictsFailure: boolean | undefined;
}

/** Attributes that lie at or below their maker's limit and announce a failure. */
function failing(attributes: readonly AtaAttribute[]): string[] {
  return attributes
    .filter(
      ({ isPrefailure, value, threshold }) => isPrefailure && threshold !== undefined && threshold > 0 && value > 0 && value <= threshold,
    )
    .map(({ id, value, threshold }) => `${id} ${names[id] ?? "attribute"} (${value}, limit ${threshold})`);
}

export function ataHealth({ attributes, statistics, isSsd, predictsFailure }: AtaReading): Health {
  const byId = new Map(attributes.map((attribute) => [attribute.id, attribute]));
  const raw = (id: number, bytes: number) => {
    const found = byId.get(id);
    return found && lower(found.raw, bytes);
  };
  const reasons = failing(attributes);
  const hasThresholds = attributes.some(({ threshold }) => threshold !== undefined);
  const isHealthy = predictsFailure === false || (predictsFailure === undefined && hasThresholds);
  return {
    ...unknownHealth,
    kind: isSsd === undefined ? "unknown" : isSsd ? "ssd" : "hard-disk",
    prediction: predictsFailure === true || reasons.length > 0 ? "failing" : isHealthy ? "healthy" : "not-told",
    failingReasons: reasons.join(", "),
    reallocatedCount: asCount(raw(ids.reallocated, 4)),
    pendingCount: asCount(raw(ids.pending, 4)),
    uncorrectableCount: asCount(raw(ids.offlineUncorrectable, 4)),
    mediaErrorCount: asCount(statistics.uncorrectableErrors ?? raw(ids.reportedUncorrectable, 4)),
    transferErrorCount: asCount(raw(ids.transferErrors, 4)),
    temperatureCelsius: asCelsius(signedByte(raw(ids.temperature, 1) ?? raw(ids.airflowTemperature, 1))),
    powerOnSeconds: asLifeSeconds(raw(ids.powerOnHours, 4)),
    wearPercent: isSsd === true ? wear(byId, statistics) : null,
  };
}

const signedByte = (value: number | undefined) => (value === undefined || value < 128 ? value : value - 256);

function wear(byId: ReadonlyMap<number, AtaAttribute>, { usedPercent }: AtaStatistics): number | null {
  if (usedPercent !== undefined) return asPercent(usedPercent);
  for (const id of lifeLeft) {
    const left = leftBy(byId, id);
    if (left !== undefined) return 100 - (id === 233 ? Math.min(left, leftBy(byId, 231) ?? left) : left);
  }
  return null;
}

function leftBy(byId: ReadonlyMap<number, AtaAttribute>, id: number): number | undefined {
  const value = byId.get(id)?.value;
  return value !== undefined && value > 0 && value <= 100 ? value : undefined;
}
