/**
 * What the agent asks of Windows natively: the shape that features work against, and that tests answer from made input. Strings
 * are whole (no NUL), sizes are bytes, moments are Unix time in milliseconds. Every call throws OsError; what may take long
 * (WMI, event log, devices) does not hold the agent's main thread.
 */

/** A value of the registry. Numbers above 2^53 are bigint. */
export type RegistryValue = string | number | bigint | readonly string[] | Uint8Array;

export interface WindowsRegistry {
  /** @param key such as HKLM\SOFTWARE\Microsoft; the 64-bit view. @returns undefined when there is no such key or value */
  value(key: string, name: string): Promise<RegistryValue | undefined>;
  /** All values of a key by name; undefined when there is no such key. */
  values(key: string): Promise<ReadonlyMap<string, RegistryValue> | undefined>;
  /** Names of the keys below; undefined when there is no such key. */
  keys(key: string): Promise<readonly string[] | undefined>;
}

/** Numbers as in SERVICE_STATUS_PROCESS and QUERY_SERVICE_CONFIG (winsvc.h). */
export interface WindowsService {
  readonly name: string;
  readonly displayName: string;
  readonly state: "stopped" | "start-pending" | "stop-pending" | "running" | "continue-pending" | "pause-pending" | "paused";
  readonly start: "boot" | "system" | "automatic" | "delayed" | "manual" | "disabled";
  /** Starts when something happens (a device, a group policy …): automatic start does not mean that it has to run. */
  readonly hasTrigger: boolean;
  readonly win32ExitCode: number;
  readonly serviceExitCode: number;
  /** 0 when it does not run. */
  readonly processId: number;
  /** The command line of its program. */
  readonly command: string;
}

export interface WindowsServices {
  /** Services of programs; drivers and the services that each user who signs in gets are left out. */
  list(): Promise<readonly WindowsService[]>;
  /** Returns when the order was taken, not when it runs. */
  start(name: string): Promise<void>;
  stop(name: string): Promise<void>;
  /** Another text whenever a service came, went or changed its state: one cheap question, for whoever wants to know of changes soon. */
  stateMark(): Promise<string>;
}

export interface WindowsVolume {
  /** \\?\Volume{…}\ */
  readonly id: string;
  /** Where it can be reached: C:\, D:\Data\. */
  readonly paths: readonly string[];
  readonly label: string;
  readonly fileSystem: string;
  readonly kind: "fixed" | "removable" | "network" | "optical" | "ram" | "unknown";
  readonly isReadOnly: boolean;
  /** 0 for a volume that is not ready. */
  readonly totalBytes: number;
  readonly freeBytes: number;
  readonly availableBytes: number;
}

export interface WindowsProcessorTimes {
  readonly processorCount: number;
  /** Since the start, of all processors together, seconds. */
  readonly idleSeconds: number;
  /** Without idle time. */
  readonly kernelSeconds: number;
  readonly userSeconds: number;
}

export interface WindowsMemory {
  readonly totalBytes: number;
  readonly availableBytes: number;
  readonly commitLimitBytes: number;
  readonly committedBytes: number;
  /** Of page files alone. */
  readonly pageFileBytes: number;
  readonly pageFileUsedBytes: number;
}

export interface WindowsProcess {
  readonly processId: number;
  readonly parentId: number;
  /** Name of the file: svchost.exe. */
  readonly name: string;
  readonly startedAtMs: number | null;
  readonly cpuSeconds: number;
  readonly workingSetBytes: number;
  readonly privateBytes: number;
}

export interface WindowsSession {
  readonly sessionId: number;
  /** DOMAIN\user; empty when nobody is signed in. */
  readonly user: string;
  readonly state: "active" | "connected" | "disconnected" | "idle" | "listening" | "other";
  readonly isConsole: boolean;
  /** By the remote desktop protocol. */
  readonly isRemote: boolean;
  /** Where Windows tells it; by its clock, Unix milliseconds. */
  readonly signedInAtMs: number | null;
  /** null where Windows does not tell. */
  readonly isLocked: boolean | null;
  /** Since the last key or movement, milliseconds; null where Windows does not tell. */
  readonly idleMs: number | null;
}

export interface WindowsPower {
  readonly isOnline: boolean | null;
  readonly battery: "present" | "none" | "not-told";
  /** null without a battery, and where Windows does not know. */
  readonly chargePercent: number | null;
}

/** An entry of the event log, from its XML (EvtRender). */
export interface WindowsEvent {
  readonly channel: string;
  readonly provider: string;
  readonly eventId: number;
  /** 1 critical, 2 error, 3 warning, 4 information, 0 always. */
  readonly level: number;
  readonly keywords: bigint;
  readonly recordId: bigint;
  readonly at: number;
  readonly computer: string;
  readonly userSid: string | null;
  /** EventData by name, and by index where it has none; UserData flattened. */
  readonly data: Readonly<Record<string, string>>;
  /** The text that the provider makes of it; empty where it cannot be made. */
  readonly message: string;
}

export interface WindowsEvents {
  /**
   * Entries in the order in which they were written.
   * @param query XPath of the event log, such as *[System[(Level=1 or Level=2)]]
   * @param after only those with a higher record id; undefined = from the beginning
   * @param limit at most so many
   */
  read(channel: string, query: string, after: bigint | undefined, limit: number, withMessage?: boolean): Promise<readonly WindowsEvent[]>;
  /** The entry that was written last. @param query of those that fit; all do without one @returns undefined where there is none */
  newest(channel: string, query?: string): Promise<WindowsEvent | undefined>;
  /** Names of all channels. */
  channels(): Promise<readonly string[]>;
}

export interface WindowsDevices {
  /**
   * DeviceIoControl.
   * @param path \\.\PhysicalDrive0
   * @returns what the device wrote
   */
  control(path: string, code: number, input: Uint8Array, outputBytes: number): Promise<Uint8Array>;
}

/** What WMI answers for a property. Dates stay in CIM's own form. */
export type WmiValue = string | number | bigint | boolean | null | readonly (string | number | boolean)[];

export interface WindowsCalls {
  readonly registry: WindowsRegistry;
  readonly services: WindowsServices;
  readonly events: WindowsEvents;
  readonly devices: WindowsDevices;
  /** When this run of Windows began, by its own clock, to the second. A shutdown with fast startup does not end a run. */
  bootedAtMs(): Promise<number>;
  /** Local ones, also those that are mounted nowhere, and drives of this session that lead to other computers. */
  volumes(): Promise<readonly WindowsVolume[]>;
  processorTimes(): Promise<WindowsProcessorTimes>;
  memory(): Promise<WindowsMemory>;
  processes(): Promise<readonly WindowsProcess[]>;
  sessions(): Promise<readonly WindowsSession[]>;
  power(): Promise<WindowsPower>;
  /**
   * The security identifier of an account, written S-1-5-…; names are compared as Windows does, without regard to case.
   * @param name anna, HOUSE\anna or anna@house.example
   * @returns undefined when there is none of that name
   */
  accountSid(name: string): Promise<string | undefined>;
  /** @param namespace such as ROOT\CIMV2; @param query WQL that names its properties. */
  wmi(namespace: string, query: string): Promise<readonly Readonly<Record<string, WmiValue>>[]>;
  /** Searches with the Windows Update agent by COM. @param criteria such as IsInstalled=0 and IsHidden=0 */
  searchUpdates(criteria: string): Promise<WindowsUpdateSearch>;
}

/** What a search for updates came to (ISearchResult). */
export interface WindowsUpdateSearch {
  /** OperationResultCode: 2 succeeded, 3 succeeded with errors, 4 failed, 5 aborted. */
  readonly resultCode: number;
  /** What went wrong on the way, as the agent says it: 0x8024402c, and a text where there is one. */
  readonly warnings: readonly string[];
  readonly updates: readonly WindowsUpdate[];
}

/** An update as IUpdate tells of it. */
export interface WindowsUpdate {
  readonly updateId: string;
  readonly revision: number;
  readonly title: string;
  readonly articleIds: readonly string[];
  /** Critical, Important, Moderate, Low, or empty. */
  readonly severity: string;
  /** Ids of its categories (GUIDs), because their names depend on the language. */
  readonly categories: readonly string[];
  readonly isDownloaded: boolean;
  readonly isMandatory: boolean;
  readonly cveIds: readonly string[];
}
