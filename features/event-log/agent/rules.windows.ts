/** The curated rules on Windows, by channel, provider and id: never by text, which is in the language of the system. */
import type { CuratedRule } from "../protocol/curated.ts";
import type { CuratedFit, Occurrence } from "./occurrence.ts";

export const systemLog = "System";
export const applicationLog = "Application";
const bad = ["critical", "error", "warning"];

const by =
  (source: string | RegExp, ...ids: readonly number[]) =>
  (occurrence: Occurrence) =>
    bad.includes(occurrence.level) &&
    (typeof source === "string" ? source === occurrence.source : source.test(occurrence.source)) &&
    ids.includes(Number(occurrence.eventId));
const inChannel =
  (channel: string, ...ids: readonly number[]) =>
  ({ log, level, eventId }: Occurrence) =>
    log === channel && (ids.length === 0 ? level === "critical" || level === "error" : ids.includes(Number(eventId)));
const anyOf =
  (...fits: readonly ((occurrence: Occurrence) => boolean)[]) =>
  (occurrence: Occurrence) =>
    fits.some((one) => one(occurrence));
const serviceControl = "Service Control Manager";

/** Channels that only some roles and programs have. */
export const roleLogs = [
  "Directory Service",
  "DFS Replication",
  "File Replication Service",
  "DNS Server",
  "Microsoft-Windows-Backup",
  "HardwareEvents",
];

export const curatedOfWindows: readonly CuratedFit<CuratedRule>[] = [
  { rule: "unexpected-shutdown", fits: anyOf(by("EventLog", 6008), by("Microsoft-Windows-Kernel-Power", 41)) },
  { rule: "system-crash", fits: anyOf(by("Microsoft-Windows-WER-SystemErrorReporting", 1001), by("BugCheck", 1001)) },
  // 7 bad block, 11 controller error, 51 error while paging, 52 predicted failure, 154 hardware error of an I/O.
  { rule: "disk-error", fits: by(/^disk$/i, 7, 11, 51, 52, 154) },
  // 129 reset of a device, by the driver of any controller; 153 an I/O was tried again.
  { rule: "storage-reset", fits: anyOf(by(/^(?:stor|iastor|nvme|lsi|mega|vhd|amdsata|elxstor)/i, 129), by(/^disk$/i, 153)) },
  {
    rule: "file-system-error",
    fits: anyOf(by(/^(?:Ntfs|Microsoft-Windows-Ntfs)$/i, 50, 55, 57, 98, 130, 131, 137, 140), by("ReFS", 133, 134, 135)),
  },
  { rule: "hardware-error", fits: anyOf(by("Microsoft-Windows-WHEA-Logger", 1, 18, 20, 46), inChannel("HardwareEvents")) },
  { rule: "hardware-corrected", fits: by("Microsoft-Windows-WHEA-Logger", 17, 19, 47) },
  { rule: "overheating", fits: by("Microsoft-Windows-Kernel-Power", 86) },
  { rule: "memory-exhausted", fits: by("Microsoft-Windows-Resource-Exhaustion-Detector", 2004) },
  { rule: "service-crashed", fits: by(serviceControl, 7031, 7034) },
  { rule: "service-failed", fits: by(serviceControl, 7000, 7009, 7022, 7023, 7024, 7038) },
  { rule: "time-service", fits: by("Microsoft-Windows-Time-Service", 34, 36, 46, 50) },
  {
    rule: "shadow-copy",
    fits: anyOf(by(/^volsnap$/i, 14, 24, 25, 27, 35, 36), by("VSS", 12289, 12293, 12298)),
  },
  { rule: "backup-failed", fits: inChannel("Microsoft-Windows-Backup") },
  {
    rule: "certificate-services",
    fits: anyOf(
      ({ source, level }) => source === "Microsoft-Windows-CertificationAuthority" && (level === "critical" || level === "error"),
      by("Microsoft-Windows-CertificateServicesClient-AutoEnrollment", 64),
    ),
  },
  { rule: "active-directory", fits: inChannel("Directory Service") },
  {
    rule: "file-replication",
    fits: anyOf(inChannel("DFS Replication", 2104, 2213, 4004, 4012), inChannel("File Replication Service", 13568)),
  },
  { rule: "dns-server", fits: inChannel("DNS Server", 4000, 4007, 4013, 4015) },
  { rule: "dhcp-server", fits: by(/^(?:Microsoft-Windows-)?DHCP-?Server$/i, 1020, 1041, 1046, 1063) },
  { rule: "database-damaged", fits: anyOf(by("ESENT", 447, 448, 454, 474, 475), by(/^MSSQL/, 823, 824, 825)) },
  { rule: "duplicate-address", fits: by("Tcpip", 4198, 4199) },
  {
    rule: "log-cleared",
    fits: ({ source, eventId }) => source === "Microsoft-Windows-Eventlog" && (eventId === "104" || eventId === "1102"),
  },
  { rule: "program-crash", fits: anyOf(by("Application Error", 1000), by("Application Hang", 1002)) },
  { rule: "critical-entry", fits: ({ level }) => level === "critical" },
];
