/**
 * The few commands that a disk is asked, as bytes: the structures of linux/nvme_ioctl.h and scsi/sg.h on 64-bit systems, and ATA
 * commands within SCSI (SAT, ATA PASS-THROUGH (16)). Every one of them only reads.
 */

/** _IOWR('N', 0x41, struct nvme_admin_cmd) */
export const nvmeAdminRequest = 0xc048_4e41n;
/** SG_IO */
export const sgIoRequest = 0x2285n;
export const senseBytes = 32;
const commandTimeoutMs = 5_000;
const everyNamespace = 0xffff_ffff;

export interface NvmeCommand {
  /** 0x02 Get Log Page, 0x06 Identify (NVM Express Base Specification, Admin Command Set). */
  readonly operation: 0x02 | 0x06;
  /** Command dword 10 without the length. */
  readonly what: number;
  readonly bytes: number;
}

export const nvmeCommands = {
  "nvme-identify": { operation: 0x06, what: 0x01, bytes: 4_096 },
  "nvme-health": { operation: 0x02, what: 0x02, bytes: 512 },
} as const satisfies Record<string, NvmeCommand>;

/** struct nvme_passthru_cmd, 72 bytes. @param address of the buffer for the answer */
export function nvmeRequest({ operation, what, bytes }: NvmeCommand, address: number): Uint8Array {
  const request = new Uint8Array(72);
  const view = new DataView(request.buffer);
  const isLog = operation === 0x02;
  view.setUint8(0, operation);
  view.setUint32(4, isLog ? everyNamespace : 0, true);
  view.setBigUint64(24, BigInt(address), true);
  view.setUint32(36, bytes, true);
  // A log's length counts dwords, from 0, in the upper half.
  view.setUint32(40, isLog ? (what | ((bytes / 4 - 1) << 16)) >>> 0 : what, true);
  view.setUint32(64, commandTimeoutMs, true);
  return request;
}

export interface AtaCommand {
  readonly command: number;
  readonly feature?: number;
  readonly count?: number;
  /** 48 bits. */
  readonly address?: number;
  /** Uses 48-bit registers. */
  readonly isExtended?: boolean;
  /** Sectors of 512 bytes that come back; 0 for commands that answer in their registers. */
  readonly sectors: 0 | 1;
}

/** Second and third byte of the address that SMART commands carry (ATA8-ACS, SMART feature set). */
const smart = 0xc24f00;

export const ataCommands = {
  powerMode: { command: 0xe5, sectors: 0 },
  status: { command: 0xb0, feature: 0xda, address: smart, sectors: 0 },
  "ata-identify": { command: 0xec, count: 1, sectors: 1 },
  "ata-attributes": { command: 0xb0, feature: 0xd0, address: smart, count: 1, sectors: 1 },
  "ata-thresholds": { command: 0xb0, feature: 0xd1, address: smart, count: 1, sectors: 1 },
  // READ LOG EXT of the device statistics (log 04h), pages 04h (errors) and 07h (solid state).
  "ata-error-statistics": { command: 0x2f, count: 1, address: 0x0404, isExtended: true, sectors: 1 },
  "ata-wear-statistics": { command: 0x2f, count: 1, address: 0x0704, isExtended: true, sectors: 1 },
} as const satisfies Record<string, AtaCommand>;

/** ATA PASS-THROUGH (16), see SAT. */
export function ataPassThrough({ command, feature = 0, count = 0, address = 0, isExtended = false, sectors }: AtaCommand): Uint8Array {
  const byte = (value: number, index: number) => Math.floor(value / 256 ** index) & 0xff;
  const protocol = sectors > 0 ? 4 : 3; // PIO data-in, or no data
  const transfer = sectors > 0 ? 0x0e : 0x20; // from the device, in blocks, as many as count says; or: give the registers back
  return Uint8Array.of(
    0x85,
    (protocol << 1) | (isExtended ? 1 : 0),
    transfer,
    byte(feature, 1),
    byte(feature, 0),
    byte(count, 1),
    byte(count, 0),
    byte(address, 3),
    byte(address, 0),
    byte(address, 4),
    byte(address, 1),
    byte(address, 5),
    byte(address, 2),
    0,
    command,
    0,
  );
}

/** struct sg_io_hdr, 88 bytes. */
export function sgRequest(at: { command: number; data: number; dataBytes: number; sense: number }): Uint8Array {
  const request = new Uint8Array(88);
  const view = new DataView(request.buffer);
  view.setInt32(0, "S".charCodeAt(0), true);
  view.setInt32(4, at.dataBytes > 0 ? -3 : -1, true);
  view.setUint8(8, 16);
  view.setUint8(9, senseBytes);
  view.setUint32(12, at.dataBytes, true);
  view.setBigUint64(16, BigInt(at.dataBytes > 0 ? at.data : 0), true);
  view.setBigUint64(24, BigInt(at.command), true);
  view.setBigUint64(32, BigInt(at.sense), true);
  view.setUint32(40, commandTimeoutMs, true);
  return request;
}

/** How a command through SG_IO ended. */
export function sgOutcome(request: Uint8Array): { status: number; hostStatus: number; driverStatus: number } {
  const view = new DataView(request.buffer, request.byteOffset);
  return { status: view.getUint8(64), hostStatus: view.getUint16(68, true), driverStatus: view.getUint16(70, true) };
}

export interface AtaRegisters {
  readonly error: number;
  readonly status: number;
  readonly count: number;
  readonly addressMiddle: number;
  readonly addressHigh: number;
}

/** The registers in the sense data, of descriptor (72h) or fixed form (70h); undefined when there are none. */
export function registersIn(sense: Uint8Array): AtaRegisters | undefined {
  const form = sense[0]! & 0x7f;
  if (form === 0x72 && sense[8] === 0x09 && sense[9] === 0x0c)
    return { error: sense[11]!, count: sense[13]!, addressMiddle: sense[17]!, addressHigh: sense[19]!, status: sense[21]! };
  // 00h/1Dh: ATA pass-through information available.
  if (form === 0x70 && sense[12] === 0x00 && sense[13] === 0x1d)
    return { error: sense[3]!, status: sense[4]!, count: sense[6]!, addressMiddle: sense[10]!, addressHigh: sense[11]! };
  return undefined;
}

/** SMART RETURN STATUS turns 4Fh/C2h into F4h/2Ch when a threshold was exceeded; undefined for anything else. */
export function saysFailing({ addressMiddle, addressHigh }: AtaRegisters): boolean | undefined {
  if (addressMiddle === 0x4f && addressHigh === 0xc2) return false;
  return addressMiddle === 0xf4 && addressHigh === 0x2c ? true : undefined;
}

/** CHECK POWER MODE: 00h and 01h are standby; any question that needs the plates would wake it. */
export const isAsleep = ({ count }: AtaRegisters): boolean => count === 0x00 || count === 0x01;
