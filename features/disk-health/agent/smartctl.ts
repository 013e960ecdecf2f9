/**
 * `smartctl --json`, the second source: for macOS, for drives behind RAID controllers, for SAS, and for what does not answer otherwise.
 * Parses what versions 7.0 to 7.5 write.
 */
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import { ataHealth } from "./ata-health.ts";
import type { AtaAttribute } from "./ata-pages.ts";
import { asCelsius, asCount, asLifeSeconds, asPercent, driveName, makeDrive, unknownHealth, type Drive, type Health } from "./health.ts";

export interface SmartctlDevice {
  readonly device: string;
  /** As `--device` takes it: sat, nvme, megaraid,0. */
  readonly type: string;
}

const programs = [
  "smartctl",
  "C:\\Program Files\\smartmontools\\bin\\smartctl.exe",
  "/usr/local/sbin/smartctl",
  "/opt/homebrew/sbin/smartctl",
];
const deviceLimit = 64;
const timeoutMs = 8_000;

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);
const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((found, name) => (isObject(found) ? found[name] : undefined), value);
const numberAt = (value: unknown, ...path: readonly string[]) => {
  const found = at(value, ...path);
  return typeof found === "number" && Number.isFinite(found) ? found : undefined;
};
const textAt = (value: unknown, ...path: readonly string[]) => {
  const found = at(value, ...path);
  return typeof found === "string" ? found.trim() : "";
};

function parse(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Runs the first smartctl that is there. @returns undefined where there is none. Throws OsError when it does not answer. */
export async function runSmartctl(os: Os, argumentList: readonly string[]): Promise<Json | undefined> {
  for (const program of programs) {
    try {
      return parse((await os.run(program, argumentList, { timeoutMs })).stdout) ?? {};
    } catch (error) {
      if (!(error instanceof OsError) || error.code !== "COLLECT_UNSUPPORTED") throw error;
    }
  }
  return undefined;
}

/** All devices that smartctl knows how to ask; undefined where it is not installed. */
export async function scan(os: Os): Promise<SmartctlDevice[] | undefined> {
  const answer = await runSmartctl(os, ["--scan-open", "--json=c"]);
  return answer && parseScan(answer);
}

export function parseScan(answer: Json): SmartctlDevice[] {
  const devices = Array.isArray(answer["devices"]) ? answer["devices"] : [];
  return devices
    .map((entry): SmartctlDevice => ({ device: textAt(entry, "name"), type: textAt(entry, "type") }))
    .filter(({ device, type }) => /^[\w./:,\\-]{1,200}$/.test(device) && !device.startsWith("-") && /^[\w,+/-]{0,60}$/.test(type))
    .slice(0, deviceLimit);
}

/** Asks one device, without waking it. @returns undefined where smartctl is not installed. */
export async function askSmartctl(os: Os, { device, type }: SmartctlDevice): Promise<Drive | undefined> {
  const kind = type === "" ? [] : ["--device", type];
  const answer = await runSmartctl(os, ["--json=c", "--nocheck=standby,3", "--all", ...kind, device]);
  return answer && parseDevice(answer, type.includes("raid") || type.startsWith("cciss") ? `${device} [${type}]` : device);
}

/** Bit 1: it did not open. With --nocheck=standby,3 the exit status 3 says that it sleeps. */
const asleepStatus = 3;

export function parseDevice(answer: Json, device: string): Drive {
  const health = healthOf(answer);
  const model = textAt(answer, "model_name") || [textAt(answer, "vendor"), textAt(answer, "product")].filter(Boolean).join(" ");
  const drive = driveName(model, textAt(answer, "serial_number"), device);
  const status = numberAt(answer, "smartctl", "exit_status");
  if (!health)
    return makeDrive({
      drive,
      device,
      state: status === asleepStatus ? "asleep" : "unreadable",
      problem: messagesOf(answer) || "smartctl tells nothing of this drive's health.",
    });
  const capacity = numberAt(answer, "user_capacity", "bytes") ?? numberAt(answer, "nvme_total_capacity");
  return makeDrive({
    ...health,
    drive,
    device,
    state: "measured",
    source: "smartctl",
    firmware: textAt(answer, "firmware_version") || textAt(answer, "revision"),
    capacityBytes: capacity !== undefined && capacity > 0 ? capacity : null,
  });
}

function messagesOf(answer: Json): string {
  const messages = at(answer, "smartctl", "messages");
  return Array.isArray(messages)
    ? messages
        .map((message) => textAt(message, "string"))
        .filter(Boolean)
        .join(" ")
    : "";
}

/** @returns undefined when the answer holds nothing about health */
function healthOf(answer: Json): Health | undefined {
  const log = at(answer, "nvme_smart_health_information_log");
  if (isObject(log)) return nvme(answer, log);
  const table = at(answer, "ata_smart_attributes", "table");
  if (Array.isArray(table) && table.length > 0) return ata(answer, table);
  return scsi(answer);
}

const passed = (answer: Json) => {
  const found = at(answer, "smart_status", "passed");
  return typeof found === "boolean" ? found : undefined;
};
const prediction = (isPassed: boolean | undefined): Health["prediction"] =>
  isPassed === undefined ? "not-told" : isPassed ? "healthy" : "failing";

function nvme(answer: Json, log: Json): Health {
  const told = numberAt(log, "critical_warning");
  const warning = told ?? 0;
  // Spare, temperature and read-only have findings of their own.
  const isAtItsEnd = (warning & 0x34) !== 0;
  const spare = numberAt(log, "available_spare");
  const threshold = numberAt(log, "available_spare_threshold");
  const used = numberAt(log, "percentage_used");
  return {
    ...unknownHealth,
    kind: "nvme",
    prediction: isAtItsEnd ? "failing" : warning === 0 ? prediction(passed(answer) ?? (told === undefined ? undefined : true)) : "healthy",
    failingReasons: isAtItsEnd ? `critical warning 0x${warning.toString(16)}` : "",
    isReadOnly: told === undefined ? null : (warning & 0x08) !== 0,
    temperatureCelsius: asCelsius(numberAt(log, "temperature")),
    warningAtCelsius: asCelsius(numberAt(answer, "temperature", "op_limit_max")),
    criticalAtCelsius: asCelsius(numberAt(answer, "temperature", "critical_limit_max")),
    availableSparePercent: spare === undefined ? null : asPercent(spare),
    spareThresholdPercent: threshold === undefined ? null : asPercent(threshold),
    wearPercent: used === undefined ? null : asPercent(used),
    powerOnSeconds: asLifeSeconds(numberAt(log, "power_on_hours")),
    mediaErrorCount: asCount(numberAt(log, "media_errors")),
  };
}

function ata(answer: Json, table: readonly unknown[]): Health {
  const attributes = table.flatMap((row): AtaAttribute[] => {
    const [id, value, threshold, raw] = [
      numberAt(row, "id"),
      numberAt(row, "value"),
      numberAt(row, "thresh"),
      numberAt(row, "raw", "value"),
    ];
    if (id === undefined || value === undefined) return [];
    return [{ id, value, threshold, isPrefailure: at(row, "flags", "prefailure") === true, raw: raw ?? 0 }];
  });
  const isPassed = passed(answer);
  const health = ataHealth({
    attributes,
    statistics: { uncorrectableErrors: undefined, usedPercent: numberAt(answer, "endurance_used", "current_percent") },
    isSsd: rotationTells(answer),
    predictsFailure: isPassed === undefined ? undefined : !isPassed,
  });
  return {
    ...health,
    temperatureCelsius: asCelsius(numberAt(answer, "temperature", "current")) ?? health.temperatureCelsius,
    powerOnSeconds: asLifeSeconds(numberAt(answer, "power_on_time", "hours")) ?? health.powerOnSeconds,
  };
}

function rotationTells(answer: Json): boolean | undefined {
  const rotation = numberAt(answer, "rotation_rate");
  return rotation === undefined ? undefined : rotation === 0;
}

/** SAS and what looks like it; undefined when neither a verdict nor a counter is there: then a controller answered for itself. */
function scsi(answer: Json): Health | undefined {
  const defects = numberAt(answer, "scsi_grown_defect_list");
  const errors = at(answer, "scsi_error_counter_log");
  const isPassed = passed(answer);
  if (defects === undefined && !isObject(errors) && isPassed === undefined) return undefined;
  const uncorrected = ["read", "write", "verify"]
    .map((name) => numberAt(errors, name, "total_uncorrected_errors"))
    .filter((count) => count !== undefined);
  const used = numberAt(answer, "scsi_percentage_used_endurance_indicator") ?? numberAt(answer, "endurance_used", "current_percent");
  const isSsd = rotationTells(answer);
  return {
    ...unknownHealth,
    kind: isSsd === undefined ? "unknown" : isSsd ? "ssd" : "hard-disk",
    prediction: prediction(isPassed),
    failingReasons: isPassed === false ? textAt(answer, "smart_status", "scsi", "ie_string") : "",
    reallocatedCount: asCount(defects),
    mediaErrorCount: uncorrected.length > 0 ? asCount(uncorrected.reduce((sum, count) => sum + count, 0)) : null,
    temperatureCelsius: asCelsius(numberAt(answer, "temperature", "current")),
    wearPercent: used === undefined ? null : asPercent(used),
    powerOnSeconds: asLifeSeconds(numberAt(answer, "power_on_time", "hours")),
  };
}
