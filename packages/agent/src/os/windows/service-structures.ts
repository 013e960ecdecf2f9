/** Structures of the service control manager as bytes (winsvc.h, 64 bit). Pure, so that they are tested everywhere. */

/** The agent's name in the service control manager; the installer package uses it as well. */
export const serviceName = "HauswartAgent";

/** SERVICE_STATUS dwCurrentState. */
export const serviceState = { stopped: 1, startPending: 2, stopPending: 3, running: 4 } as const;
/** What a service says that it takes: SERVICE_ACCEPT_STOP | SHUTDOWN | POWEREVENT | PRESHUTDOWN. */
const acceptedControls = 0x1 | 0x4 | 0x40 | 0x100;
const ownProcess = 0x10;
/** ERROR_SERVICE_SPECIFIC_ERROR: the reason stands in the service's own exit code. */
const serviceSpecificError = 1066;

export interface ServiceStatus {
  readonly state: (typeof serviceState)[keyof typeof serviceState];
  /** 0 when all went well. */
  readonly exitCode?: number;
  /** Grows with each step of a pending state. */
  readonly checkpoint?: number;
  /** How long the next step may take, milliseconds. */
  readonly waitHintMs?: number;
}

/** SERVICE_STATUS: seven 32-bit numbers. */
export function serviceStatus({ state, exitCode = 0, checkpoint = 0, waitHintMs = 0 }: ServiceStatus): Buffer {
  const bytes = Buffer.alloc(28);
  bytes.writeUInt32LE(ownProcess, 0);
  bytes.writeUInt32LE(state, 4);
  bytes.writeUInt32LE(state === serviceState.running ? acceptedControls : 0, 8);
  bytes.writeUInt32LE(exitCode === 0 ? 0 : serviceSpecificError, 12);
  bytes.writeUInt32LE(exitCode, 16);
  bytes.writeUInt32LE(checkpoint, 20);
  bytes.writeUInt32LE(waitHintMs, 24);
  return bytes;
}

/** What a control code asks for; undefined for one that asks for nothing. SERVICE_CONTROL_STOP, SHUTDOWN, PRESHUTDOWN. */
export function reasonOfControl(code: number): "agent-stop" | "shutdown" | undefined {
  if (code === 1) return "agent-stop";
  return code === 5 || code === 0xf ? "shutdown" : undefined;
}

/**
 * What a control code with its event says of the computer's power; undefined for everything else. SERVICE_CONTROL_POWEREVENT with PBT_APMSUSPEND, or
 * PBT_APMRESUMEAUTOMATIC, which comes after every sleep (https://learn.microsoft.com/windows/win32/power/pbt-apmresumeautomatic).
 */
export function powerOfControl(code: number, event: number): "sleep" | "wake" | undefined {
  if (code !== 0xd) return undefined;
  return event === 4 ? "sleep" : event === 0x12 ? "wake" : undefined;
}

/** Delays before a service that failed is started again: the first, the second and every further time, milliseconds. */
export const restartDelaysMs = [5_000, 15_000, 60_000] as const;
/** After so long without a failure the first delay counts again, seconds. */
const failureMemorySeconds = 86_400;
/** SC_ACTION_RESTART, SC_ACTION_RUN_COMMAND. */
const actionKinds = { restart: 1, command: 3 } as const;

/** The array of SC_ACTION for `failureActions`: after each delay the same. */
export function afterFailure(kind: keyof typeof actionKinds): Buffer {
  const bytes = Buffer.alloc(restartDelaysMs.length * 8);
  restartDelaysMs.forEach((delayMs, index) => {
    bytes.writeUInt32LE(actionKinds[kind], index * 8);
    bytes.writeUInt32LE(delayMs, index * 8 + 4);
  });
  return bytes;
}

/** SERVICE_FAILURE_ACTIONSW. @param actionsAddress where `afterFailure` lies in memory @param commandAddress of the command; 0 leaves it as it is */
export function failureActions(actionsAddress: bigint, commandAddress = 0n): Buffer {
  const bytes = Buffer.alloc(40);
  bytes.writeUInt32LE(failureMemorySeconds, 0);
  bytes.writeBigUInt64LE(commandAddress, 16);
  bytes.writeUInt32LE(restartDelaysMs.length, 24);
  bytes.writeBigUInt64LE(actionsAddress, 32);
  return bytes;
}

/** Paths, besides the name of the service. */
export interface TakeBack {
  readonly name: string;
  readonly executable: string;
  /** The executable that ran before. */
  readonly previous: string;
  /** Where the loader finds that it was taken back. */
  readonly updateFolder: string;
  /** C:\Windows. */
  readonly systemRoot: string;
}

/**
 * What the service manager runs in the place of a restart while a new executable is tried: it starts the service, and when that cannot be
 * started, puts the executable of before back. Windows gives up a restart that fails, so no failure action would come later.
 */
export function takeBackCommand({ name, executable, previous, updateFolder, systemRoot }: TakeBack): string {
  const paths = [executable, previous, updateFolder, systemRoot];
  // Nobody can leave the quotes of cmd.exe by a path; % would still mean something there, and no path of ours has one.
  if (paths.some((path) => /["%]/.test(path))) throw new Error(`A command cannot name these paths: ${paths.join(", ")}`);
  const start = `sc start ${name}`;
  const put = `move /y "${previous}" "${executable}"`;
  const back = [
    // At one stroke; a program that hangs in its start is moved aside first.
    `(${put} || (move /y "${executable}" "${executable}.failed" & ${put}))`,
    `echo taken back>"${updateFolder}\\taken-back"`,
    start,
  ].join(" & ");
  return `${systemRoot}\\System32\\cmd.exe /d /c "${start} || sc query ${name} | find "RUNNING" || if exist "${previous}" (${back})"`;
}

/** A number of 32 bits, which several structures are (SERVICE_DELAYED_AUTO_START_INFO, SERVICE_PRESHUTDOWN_INFO, SERVICE_FAILURE_ACTIONS_FLAG). */
export function oneNumber(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** Structures that are one pointer: SERVICE_DESCRIPTIONW. */
export function onePointer(address: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(address);
  return bytes;
}

/** Text as Windows takes it: UTF-16 with an end. */
export function wide(text: string): Buffer {
  return Buffer.from(`${text}\0`, "utf16le");
}

/** REG_MULTI_SZ. */
export function wideList(texts: readonly string[]): Buffer {
  return Buffer.from(`${texts.map((text) => `${text}\0`).join("")}\0`, "utf16le");
}

/** SIDs as bytes: S-1-5-18 (the local system) and S-1-5-32-544 (administrators). */
const trustedOwners = ["010100000000000512000000", "01020000000000052000000020020000"];

/** The agent's folder was made and filled by somebody who is no administrator. */
export class ForeignFolderError extends Error {
  override readonly name = "ForeignFolderError";
  constructor(path: string) {
    super(`The folder ${path} belongs to somebody else and is not empty. Look into it, remove it, and install the agent again.`);
  }
}

/** @param owner of the folder, @param own of what this process makes: SIDs in hexadecimal */
export function isForeign(owner: string, own: string, isEmpty: boolean): boolean {
  return !isEmpty && owner !== own && !trustedOwners.includes(owner);
}
