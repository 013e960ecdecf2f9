import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import { secondsSince, type ReadTimeState, type TimeState } from "./time-state.ts";

const timedate = "org.freedesktop.timedate1";
const timesync = "org.freedesktop.timesync1";
const properties = "org.freedesktop.DBus.Properties";
/** systemd-timesyncd touches it whenever it has set the clock (systemd-timesyncd.service(8)). */
const timesyncdMark = "/run/systemd/timesync/synchronized";
/** In a container, whose clock is its host's: systemd, Docker, Podman. */
const containerMarks = ["/run/systemd/container", "/.dockerenv", "/run/.containerenv"];
/** Programs that set the clock, by what is there while they run. */
const marks: readonly (readonly [path: string, method: TimeState["method"]])[] = [
  ["/run/chrony/chronyd.pid", "chrony"],
  ["/run/chronyd.pid", "chrony"],
  ["/run/ntpd.pid", "ntpd"],
  ["/run/openntpd.pid", "ntpd"],
  ["/run/ntpd.sock", "ntpd"],
];

export const readTimeState: ReadTimeState = async (os, nowMs) => {
  for (const path of containerMarks)
    if (await os.fileInfo(path)) return { method: "host", synchronised: "not-needed", source: "", sinceSyncSeconds: null };
  for (const [path, method] of marks) {
    if (!(await os.fileInfo(path))) continue;
    if (method === "chrony") return withChrony(os, nowMs);
    return { method, synchronised: await byKernel(os), source: "", sinceSyncSeconds: null };
  }
  const told = await timedated(os);
  if (told?.isOn || (await os.fileInfo("/run/systemd/timesync"))) return withTimesyncd(os, nowMs, told?.isSynchronised);
  if (told === undefined) return undefined;
  // Something that systemd does not know keeps the kernel's clock in step: the guest tools of a hypervisor, a PTP daemon.
  if (told.isSynchronised) return { method: "other", synchronised: "yes", source: "", sinceSyncSeconds: null };
  return { method: "none", synchronised: "no", source: "", sinceSyncSeconds: null };
};

async function withTimesyncd(os: Os, nowMs: number, isSynchronised: boolean | undefined): Promise<TimeState> {
  const mark = await os.fileInfo(timesyncdMark);
  const source = await property(os, timesync, "/org/freedesktop/timesync1", `${timesync}.Manager`, "ServerName");
  return {
    method: "timesyncd",
    synchronised: mark ? "yes" : isSynchronised === undefined ? "not-told" : isSynchronised ? "yes" : "no",
    source: typeof source === "string" ? source : "",
    sinceSyncSeconds: mark ? secondsSince(mark.modifiedAtMs, nowMs) : null,
  };
}

/** chrony has no other interface than its program; asked once an hour. */
async function withChrony(os: Os, nowMs: number): Promise<TimeState> {
  try {
    const { exitCode, stdout } = await os.run("chronyc", ["-n", "-c", "tracking"]);
    const tracking = exitCode === 0 ? parseTracking(stdout) : undefined;
    if (tracking) {
      const { source, isSynchronised, referenceAtMs } = tracking;
      const sinceSyncSeconds = referenceAtMs > 0 ? secondsSince(referenceAtMs, nowMs) : null;
      return { method: "chrony", synchronised: isSynchronised ? "yes" : "no", source, sinceSyncSeconds };
    }
  } catch (error) {
    if (!(error instanceof OsError)) throw error;
  }
  return { method: "chrony", synchronised: await byKernel(os), source: "", sinceSyncSeconds: null };
}

/**
 * Reads `chronyc -c tracking` (chronyc(1)): reference id, address, stratum, Unix time of the last measurement, …, leap status, with commas
 * between them.
 */
export function parseTracking(text: string): { source: string; isSynchronised: boolean; referenceAtMs: number } | undefined {
  const fields = text.trim().split(",");
  const seconds = Number(fields[3]);
  if (fields.length < 14 || !Number.isFinite(seconds)) return undefined;
  return { source: fields[1] ?? "", isSynchronised: fields[13] !== "Not synchronised", referenceAtMs: Math.round(seconds * 1_000) };
}

/** The kernel's own flag, by way of systemd-timedated. */
async function byKernel(os: Os): Promise<TimeState["synchronised"]> {
  const told = await timedated(os);
  return told === undefined ? "not-told" : told.isSynchronised ? "yes" : "no";
}

/** What systemd-timedated says; undefined where there is none. */
async function timedated(os: Os): Promise<{ isOn: boolean; isSynchronised: boolean } | undefined> {
  const [isOn, isSynchronised] = [
    await property(os, timedate, "/org/freedesktop/timedate1", timedate, "NTP"),
    await property(os, timedate, "/org/freedesktop/timedate1", timedate, "NTPSynchronized"),
  ];
  return typeof isOn === "boolean" && typeof isSynchronised === "boolean" ? { isOn, isSynchronised } : undefined;
}

async function property(os: Os, service: string, path: string, interfaceName: string, name: string): Promise<unknown> {
  try {
    const bus = await os.systemBus();
    const [value] = await bus.call(service, path, properties, "Get", "ss", [interfaceName, name]);
    return value;
  } catch (error) {
    if (error instanceof OsError) return undefined;
    throw error;
  }
}
