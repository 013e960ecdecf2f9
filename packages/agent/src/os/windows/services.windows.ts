/** The service control manager. https://learn.microsoft.com/windows/win32/api/winsvc/ */
import { OsError } from "../os.ts";
import type { WindowsService } from "./calls.ts";
import { addressOf, lastError, library, wide, wideText, windowsError, winError } from "./library.ts";

const advapi = library("advapi32.dll", {
  OpenSCManagerW: ["handle", "pointer", "pointer", "u32"],
  OpenServiceW: ["handle", "handle", "pointer", "u32"],
  CloseServiceHandle: ["status", "handle"],
  EnumServicesStatusExW: ["status", "handle", "u32", "u32", "u32", "pointer", "u32", "pointer", "pointer", "pointer", "pointer"],
  QueryServiceConfigW: ["status", "handle", "pointer", "u32", "pointer"],
  QueryServiceConfig2W: ["status", "handle", "u32", "pointer", "u32", "pointer"],
  StartServiceW: ["status", "handle", "u32", "pointer"],
  ControlService: ["status", "handle", "u32", "pointer"],
});

/** Rights and orders of winsvc.h. */
const managerConnect = 0x0001;
const managerEnumerate = 0x0004;
const queryConfig = 0x0001;
const startRight = 0x0010;
const stopRight = 0x0020;
const stopOrder = 1;
/** SERVICE_WIN32_OWN_PROCESS and SERVICE_WIN32_SHARE_PROCESS: programs, no drivers. */
const programTypes = 0x30;
const allStates = 3;
const delayedStartInfo = 3;
const triggerInfo = 8;
const alreadyRunning = 1056;
const notActive = 1062;

const states = ["stopped", "start-pending", "stop-pending", "running", "continue-pending", "pause-pending", "paused"] as const;
const starts = ["boot", "system", "automatic", "manual", "disabled"] as const;

/** How much a service's configuration may weigh (QueryServiceConfigW). */
const configLimitBytes = 8 * 1024;
/** What a service's settings say holds for so long; they change by hand. */
const settingsLifeMs = 10 * 60_000;

/** One entry of EnumServicesStatusExW. */
type ServiceStatus = Pick<WindowsService, "name" | "displayName" | "state" | "win32ExitCode" | "serviceExitCode" | "processId">;
/** What is asked of each service by itself. */
type ServiceSettings = Pick<WindowsService, "start" | "hasTrigger" | "command">;

/** ENUM_SERVICE_STATUS_PROCESSW: two addresses, then SERVICE_STATUS_PROCESS, filled up to eight bytes. */
const entryBytes = 56;

/** SERVICE_USER_SERVICE: one for each user who signs in, made and removed with the log-in. */
const userService = 0x40;

/**
 * Reads the entries of EnumServicesStatusExW, users' own services left out.
 * @param base where the buffer lies: names stand in it, behind addresses
 */
export function parseServices(bytes: Buffer, count: number, base: bigint): ServiceStatus[] {
  const textAt = (offset: number) => wideText(bytes, Number(bytes.readBigUInt64LE(offset) - base));
  return Array.from({ length: count }, (_, index) => index * entryBytes).flatMap((at) => {
    if ((bytes.readUInt32LE(at + 16) & userService) !== 0) return [];
    return {
      name: textAt(at),
      displayName: textAt(at + 8),
      state: states[bytes.readUInt32LE(at + 20) - 1] ?? "stopped",
      win32ExitCode: bytes.readUInt32LE(at + 28),
      serviceExitCode: bytes.readUInt32LE(at + 32),
      processId: bytes.readUInt32LE(at + 44),
    };
  });
}

/** Reads QUERY_SERVICE_CONFIGW: type, start, error control, then addresses of texts. */
export function parseConfig(bytes: Buffer, base: bigint): { start: (typeof starts)[number]; command: string } {
  const command = bytes.readBigUInt64LE(16);
  return { start: starts[bytes.readUInt32LE(4)] ?? "manual", command: command === 0n ? "" : wideText(bytes, Number(command - base)) };
}

/** Reads SERVICE_TRIGGER_INFO: whether one of the triggers starts the service; others stop it. */
export function parseStartsByTrigger(bytes: Buffer, base: bigint): boolean {
  const count = bytes.readUInt32LE(0);
  const at = Number(bytes.readBigUInt64LE(8) - base);
  const triggerBytes = 32;
  const startAction = 1;
  return Array.from({ length: count }, (_, index) => at + index * triggerBytes).some(
    (offset) => offset >= 0 && offset + 8 <= bytes.length && bytes.readUInt32LE(offset + 4) === startAction,
  );
}

function withManager<Result>(work: (manager: bigint) => Result): Result {
  const manager = advapi().OpenSCManagerW(null, null, managerConnect | managerEnumerate);
  if (manager === 0n) throw windowsError("OpenSCManager", lastError());
  try {
    return work(manager);
  } finally {
    advapi().CloseServiceHandle(manager);
  }
}

/** Opens a service for as long as the work takes. */
function withService<Result>(manager: bigint, name: string, rights: number, work: (service: bigint) => Result): Result {
  const service = advapi().OpenServiceW(manager, wide(name), rights);
  if (service === 0n) throw windowsError(`service ${name}`, lastError());
  try {
    return work(service);
  } finally {
    advapi().CloseServiceHandle(service);
  }
}

interface Enumerated {
  readonly bytes: Buffer;
  readonly count: number;
}

/** Kept between questions: the list is asked for every few seconds, and has the same size. */
let listBuffer = Buffer.alloc(64 * 1024);

function enumerate(manager: bigint): Enumerated {
  const needed = Buffer.alloc(4);
  const count = Buffer.alloc(4);
  for (let attempt = 0; attempt < 4; attempt++) {
    listBuffer.fill(0);
    const resume = Buffer.alloc(4);
    const done = advapi().EnumServicesStatusExW(
      manager,
      0,
      programTypes,
      allStates,
      listBuffer,
      listBuffer.length,
      needed,
      count,
      resume,
      null,
    );
    if (done !== 0) return { bytes: listBuffer, count: count.readUInt32LE() };
    const code = lastError();
    if (code !== winError.moreData) throw windowsError("EnumServicesStatusEx", code);
    listBuffer = Buffer.alloc(listBuffer.length + needed.readUInt32LE() + 4 * 1024);
  }
  throw new OsError("COLLECT_UNREADABLE", "The list of services grew faster than it could be read.");
}

/** A question of QueryServiceConfig2W; undefined where this Windows does not know it. */
function config2<Result>(service: bigint, level: number, parse: (bytes: Buffer, base: bigint) => Result): Result | undefined {
  const bytes = Buffer.alloc(configLimitBytes);
  const needed = Buffer.alloc(4);
  return advapi().QueryServiceConfig2W(service, level, bytes, bytes.length, needed) === 0 ? undefined : parse(bytes, addressOf(bytes));
}

function readSettings(manager: bigint, name: string): ServiceSettings {
  return withService(manager, name, queryConfig, (service) => {
    const bytes = Buffer.alloc(configLimitBytes);
    const needed = Buffer.alloc(4);
    if (advapi().QueryServiceConfigW(service, bytes, bytes.length, needed) === 0) throw windowsError(`service ${name}`, lastError());
    const { start, command } = parseConfig(bytes, addressOf(bytes));
    const isDelayed = start === "automatic" && config2(service, delayedStartInfo, (info) => info.readUInt32LE() !== 0) === true;
    return { start: isDelayed ? "delayed" : start, command, hasTrigger: config2(service, triggerInfo, parseStartsByTrigger) ?? false };
  });
}

/** A service that does not let itself be asked is neither automatic nor anything else that somebody relies on. */
const unreadable: ServiceSettings = { start: "manual", hasTrigger: false, command: "" };

const settingsOf = new Map<string, ServiceSettings & { readonly readAtMs: number }>();

function knownSettings(manager: bigint, name: string): ServiceSettings {
  const known = settingsOf.get(name);
  if (known && performance.now() - known.readAtMs < settingsLifeMs) return known;
  let settings = unreadable;
  try {
    settings = readSettings(manager, name);
  } catch (error) {
    // Removed since it was listed, or closed to administrators: the others count all the same.
    if (!(error instanceof OsError)) throw error;
  }
  settingsOf.set(name, { ...settings, readAtMs: performance.now() });
  return settings;
}

/** All services of programs. */
export function listServices(): WindowsService[] {
  return withManager((manager) => {
    const { bytes, count } = enumerate(manager);
    const services = parseServices(bytes, count, addressOf(bytes));
    const names = new Set(services.map(({ name }) => name));
    for (const name of settingsOf.keys()) if (!names.has(name)) settingsOf.delete(name);
    return services.map((status) => {
      const { start, hasTrigger, command } = knownSettings(manager, status.name);
      return { ...status, start, hasTrigger, command };
    });
  });
}

/** Another text whenever a service came, went, or changed its state. One question to Windows. */
export function serviceStateMark(): string {
  const { bytes, count } = withManager(enumerate);
  let mark = String(count);
  for (let at = 0; at < count * entryBytes; at += entryBytes) mark += `,${bytes.readUInt32LE(at + 20)}.${bytes.readUInt32LE(at + 44)}`;
  return mark;
}

/** Settings are asked for anew with the next list. */
export const forgetServiceSettings = (): void => settingsOf.clear();

/** Returns when the service's program has been started. Blocks, up to half a minute. */
export function startService(name: string): void {
  withManager((manager) =>
    withService(manager, name, startRight, (service) => {
      if (advapi().StartServiceW(service, 0, null) !== 0) return;
      const code = lastError();
      if (code !== alreadyRunning) throw windowsError(`start of ${name}`, code);
    }),
  );
}

/** Returns when the service has taken the order. Blocks, up to half a minute. */
export function stopService(name: string): void {
  withManager((manager) =>
    withService(manager, name, stopRight, (service) => {
      if (advapi().ControlService(service, stopOrder, Buffer.alloc(28)) !== 0) return;
      const code = lastError();
      if (code !== notActive) throw windowsError(`stop of ${name}`, code);
    }),
  );
}
