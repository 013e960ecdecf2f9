/** The service control manager by native calls (advapi32): what installing, changing and removing one service needs. */
import { dlopen, ptr } from "bun:ffi";
import { nativeCallSettings } from "../frugal-runtime.ts";
import { processExists } from "../process-exists.ts";
import { failureActions, oneNumber, onePointer, afterFailure, wide, wideList } from "./service-structures.ts";

const libraries = () => ({
  advapi: dlopen("advapi32.dll", {
    OpenSCManagerW: { args: ["ptr", "ptr", "u32"], returns: "u64" },
    CreateServiceW: {
      args: ["u64", "ptr", "ptr", "u32", "u32", "u32", "u32", "ptr", "ptr", "ptr", "ptr", "ptr", "ptr"],
      returns: "u64",
    },
    OpenServiceW: { args: ["u64", "ptr", "u32"], returns: "u64" },
    ChangeServiceConfigW: {
      args: ["u64", "u32", "u32", "u32", "ptr", "ptr", "ptr", "ptr", "ptr", "ptr", "ptr"],
      returns: "i32",
    },
    ChangeServiceConfig2W: { args: ["u64", "u32", "ptr"], returns: "i32" },
    StartServiceW: { args: ["u64", "u32", "ptr"], returns: "i32" },
    ControlService: { args: ["u64", "u32", "ptr"], returns: "i32" },
    QueryServiceStatusEx: { args: ["u64", "u32", "ptr", "u32", "ptr"], returns: "i32" },
    DeleteService: { args: ["u64"], returns: "i32" },
    CloseServiceHandle: { args: ["u64"], returns: "i32" },
    RegOpenKeyExW: { args: ["u64", "ptr", "u32", "u32", "ptr"], returns: "i32" },
    RegFlushKey: { args: ["u64"], returns: "i32" },
    RegCloseKey: { args: ["u64"], returns: "i32" },
    RegSetKeyValueW: { args: ["u64", "ptr", "ptr", "u32", "ptr", "u32"], returns: "i32" },
  }).symbols,
  kernel: dlopen("kernel32.dll", { GetLastError: { args: [], returns: "u32" } }).symbols,
});

let loaded: ReturnType<typeof libraries> | undefined;
const windows = () => (loaded ??= libraries());

/** SC_MANAGER_CONNECT | SC_MANAGER_CREATE_SERVICE. */
const managerAccess = 0x1 | 0x2;
/** SERVICE_ALL_ACCESS. */
const allAccess = 0xf01ff;
const ownProcess = 0x10;
const automaticStart = 2;
/** SERVICE_ERROR_NORMAL. */
const normalError = 1;
const noChange = 0xffffffff;
/** What ChangeServiceConfig2W changes. */
const configuration = { description: 1, failureActions: 2, delayedStart: 3, failureActionsFlag: 4, preshutdown: 7 } as const;
const stopControl = 1;
const failure = { doesNotExist: 1060, alreadyRunning: 1056, notActive: 1062, cannotAcceptControl: 1061, unknownLevel: 124 } as const;
/** HKEY_LOCAL_MACHINE as a 64-bit handle: the number is extended by its sign. */
const localMachine = 0xffffffff80000002n;
const multiString = 7;
/** KEY_READ, with which a key can be flushed. */
const keyRead = 0x20019;
const serviceKey = (name: string) => wide(`SYSTEM\\CurrentControlSet\\Services\\${name}`);
/** How long Windows waits for the goodbye when the computer ends, milliseconds. */
const preshutdownMs = 15_000;
const stopPatienceMs = 30_000;

/** What Windows answered to a call about a service. */
export class ServiceError extends Error {
  override readonly name = "ServiceError";
  readonly windowsError: number;
  constructor(call: string, windowsError: number) {
    super(
      windowsError === 5
        ? "Only an administrator can do that: start the console as administrator."
        : `${call} failed with Windows error ${windowsError}.`,
    );
    this.windowsError = windowsError;
  }
}

export interface ServiceDescription {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  /** Program and words, quoted as Windows wants it. */
  readonly command: string;
}

function ensure(call: string, result: number | bigint): void {
  if (!result) throw new ServiceError(call, windows().kernel.GetLastError());
}

function withManager<Result>(work: (manager: bigint) => Result): Result {
  const { advapi } = windows();
  const manager = advapi.OpenSCManagerW(null, null, managerAccess);
  ensure("OpenSCManager", manager);
  try {
    return work(manager);
  } finally {
    advapi.CloseServiceHandle(manager);
  }
}

/** @returns undefined when there is no such service */
function withService<Result>(name: string, work: (service: bigint) => Result): Result | undefined {
  const { advapi, kernel } = windows();
  return withManager((manager) => {
    const service = advapi.OpenServiceW(manager, wide(name), allAccess);
    if (!service) {
      const code = kernel.GetLastError();
      if (code === failure.doesNotExist) return undefined;
      throw new ServiceError("OpenService", code);
    }
    try {
      return work(service);
    } finally {
      advapi.CloseServiceHandle(service);
    }
  });
}

/** Makes the service, or brings one that is there to this state. It starts with the computer, after what is urgent. */
export function provideService(description: ServiceDescription): void {
  const { advapi } = windows();
  const { name, displayName, command } = description;
  if (!withService(name, () => true)) {
    withManager((manager) => {
      const words = [wide(command), null, null, null, null, null] as const;
      const kind = [allAccess, ownProcess, automaticStart, normalError] as const;
      const service = advapi.CreateServiceW(manager, wide(name), wide(displayName), ...kind, ...words);
      ensure("CreateService", service);
      advapi.CloseServiceHandle(service);
    });
  }
  settleService(description);
}

/**
 * Sets what an installer cannot: a quoted path, delayed start, starting again after a failure, time for the goodbye when the computer ends, and the
 * environment that keeps the runtime small. What an older system does not know of a service is left out. Errors: ServiceError.
 */
export function settleService({ name, displayName, description, command }: ServiceDescription): void {
  const { advapi, kernel } = windows();
  withService(name, (service) => {
    const words = [wide(command), null, null, null, null, null, wide(displayName)] as const;
    ensure("ChangeServiceConfig", advapi.ChangeServiceConfigW(service, noChange, automaticStart, normalError, ...words));
    const set = (level: number, bytes: Buffer) => {
      if (advapi.ChangeServiceConfig2W(service, level, bytes)) return;
      const code = kernel.GetLastError();
      if (code !== failure.unknownLevel) throw new ServiceError(`ChangeServiceConfig2 (${level})`, code);
    };
    const text = wide(description);
    const actions = afterFailure("restart");
    set(configuration.description, onePointer(BigInt(ptr(text))));
    set(configuration.delayedStart, oneNumber(1));
    set(configuration.failureActions, failureActions(BigInt(ptr(actions))));
    set(configuration.failureActionsFlag, oneNumber(1)); // also when it ends by itself with an error
    set(configuration.preshutdown, oneNumber(preshutdownMs));
  });
  const environment = wideList(Object.entries(nativeCallSettings).map(([key, value]) => `${key}=${value}`));
  const code = advapi.RegSetKeyValueW(localMachine, serviceKey(name), wide("Environment"), multiString, environment, environment.length);
  if (code !== 0) throw new ServiceError("RegSetKeyValue", code);
}

/** What the service is started by from its next start on; on the disk when this returns. Nothing to do when there is no such service. Errors: ServiceError. */
export function setServiceCommand(name: string, command: string): void {
  const { advapi } = windows();
  const isThere = withService(name, (service) => {
    const words = [wide(command), null, null, null, null, null, null] as const;
    ensure("ChangeServiceConfig", advapi.ChangeServiceConfigW(service, noChange, noChange, noChange, ...words));
    return true;
  });
  if (!isThere) return;
  const handle = Buffer.alloc(8);
  const opened = advapi.RegOpenKeyExW(localMachine, serviceKey(name), 0, keyRead, handle);
  if (opened !== 0) throw new ServiceError("RegOpenKeyEx", opened);
  const flushed = advapi.RegFlushKey(handle.readBigUInt64LE(0));
  advapi.RegCloseKey(handle.readBigUInt64LE(0));
  if (flushed !== 0) throw new ServiceError("RegFlushKey", flushed);
}

/** Until `settleService`: what the service manager runs when the service fails, in the place of a restart. Errors: ServiceError. */
export function runAfterFailure(name: string, command: string): void {
  const { advapi } = windows();
  const [actions, text] = [afterFailure("command"), wide(command)];
  withService(name, (service) => {
    const bytes = failureActions(BigInt(ptr(actions)), BigInt(ptr(text)));
    ensure("ChangeServiceConfig2", advapi.ChangeServiceConfig2W(service, configuration.failureActions, bytes));
  });
}

/** Returns when the order was taken; a service that runs already is left alone. */
export function startService(name: string): void {
  const { advapi, kernel } = windows();
  withService(name, (service) => {
    if (advapi.StartServiceW(service, 0, null)) return;
    const code = kernel.GetLastError();
    if (code !== failure.alreadyRunning) throw new ServiceError("StartService", code);
  });
}

/** Ends the service and waits until its process is gone. Nothing to do when there is none. @throws when it does not end in time */
export async function stopService(name: string): Promise<void> {
  const processId = serviceProcess(name);
  if (processId === 0 || !orderStop(name)) return;
  const deadline = Date.now() + stopPatienceMs;
  // It says that it has ended a moment before it has; until then its program is in use.
  while (processExists(processId) !== undefined) {
    if (Date.now() > deadline) throw new Error(`The service ${name} did not end within ${stopPatienceMs / 1_000} s.`);
    await Bun.sleep(100);
  }
}

/** @returns false when there is nothing to wait for */
function orderStop(name: string): boolean {
  const { advapi, kernel } = windows();
  return (
    withService(name, (service) => {
      if (advapi.ControlService(service, stopControl, Buffer.alloc(28))) return true;
      const code = kernel.GetLastError();
      if (code === failure.notActive) return false;
      if (code === failure.cannotAcceptControl) return true; // it is ending already
      throw new ServiceError("ControlService", code);
    }) ?? false
  );
}

/** @returns the number of the service's process; 0 when it does not run, or when there is no such service */
function serviceProcess(name: string): number {
  const { advapi } = windows();
  const status = Buffer.alloc(36); // SERVICE_STATUS_PROCESS
  const needed = Buffer.alloc(4);
  return (
    withService(name, (service) => {
      ensure("QueryServiceStatusEx", advapi.QueryServiceStatusEx(service, 0, status, status.length, needed));
      return status.readUInt32LE(28);
    }) ?? 0
  );
}

/** Removes the service; one that still runs is gone when it has ended. @returns whether there was one */
export function deleteService(name: string): boolean {
  const { advapi } = windows();
  return (
    withService(name, (service) => {
      ensure("DeleteService", advapi.DeleteService(service));
      return true;
    }) ?? false
  );
}
