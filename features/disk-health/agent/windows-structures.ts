/**
 * Questions to a drive as Windows wants them (winioctl.h, ntdddisk.h): bytes to DeviceIoControl, and back. Every one of them only
 * reads.
 */

export const controlCodes = {
  queryProperty: 0x002d_1400,
  predictFailure: 0x002d_1100,
  smartReceive: 0x0007_c088,
} as const;

/** STORAGE_PROPERTY_ID */
const properties = { device: 0, adapterProtocolSpecific: 49, deviceProtocolSpecific: 50, temperature: 52 } as const;

/** STORAGE_BUS_TYPE, as far as it matters here. */
export const busTypes = {
  scsi: 1,
  usb: 7,
  raid: 8,
  iscsi: 9,
  sas: 10,
  sata: 11,
  ata: 3,
  sd: 12,
  virtual: 14,
  fileBackedVirtual: 15,
  spaces: 16,
  nvme: 17,
} as const;

export interface DeviceDescriptor {
  readonly model: string;
  readonly serial: string;
  readonly firmware: string;
  readonly isRemovable: boolean;
  /** STORAGE_BUS_TYPE */
  readonly busType: number;
}

const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function propertyQuery(property: number, more = 4): Uint8Array {
  const bytes = new Uint8Array(8 + more);
  view(bytes).setUint32(0, property, true);
  return bytes;
}

/** STORAGE_PROPERTY_QUERY for STORAGE_DEVICE_DESCRIPTOR. */
export const deviceQuery = (): Uint8Array => propertyQuery(properties.device);
export const temperatureQuery = (): Uint8Array => propertyQuery(properties.temperature);

/** @returns undefined for an answer that is too short */
export function parseDeviceDescriptor(bytes: Uint8Array): DeviceDescriptor | undefined {
  if (bytes.length < 36) return undefined;
  const text = (at: number) => {
    const start = view(bytes).getUint32(at, true);
    if (start === 0 || start >= bytes.length) return "";
    const end = bytes.indexOf(0, start);
    return Buffer.from(bytes.subarray(start, end < 0 ? undefined : end))
      .toString("latin1")
      .replaceAll(/[^\x20-\x7e]/g, "")
      .trim();
  };
  const vendor = text(12);
  const product = text(16);
  return {
    // What is no SCSI drive has a vendor that says nothing.
    model: vendor === "" || vendor === "ATA" || vendor === "NVMe" || product.startsWith(vendor) ? product : `${vendor} ${product}`.trim(),
    firmware: text(20),
    serial: text(24),
    isRemovable: bytes[10] !== 0,
    busType: view(bytes).getUint32(28, true),
  };
}

/** STORAGE_PROTOCOL_SPECIFIC_DATA, ten words of four bytes. */
const protocolBytes = 40;

export const nvmeQuestions = {
  "nvme-identify": { property: properties.adapterProtocolSpecific, dataType: 1, value: 1, bytes: 4_096 },
  "nvme-health": { property: properties.deviceProtocolSpecific, dataType: 2, value: 2, bytes: 512 },
} as const;
export type NvmeQuestion = (typeof nvmeQuestions)[keyof typeof nvmeQuestions];

/** Asks for Identify Controller or a log page of an NVMe drive. */
export function nvmeQuery({ property, dataType, value, bytes }: NvmeQuestion): Uint8Array {
  const query = propertyQuery(property, protocolBytes + bytes);
  const words = [3, dataType, value, 0, protocolBytes, bytes]; // ProtocolTypeNvme, what, which, sub value, where, how much
  words.forEach((word, index) => view(query).setUint32(8 + index * 4, word, true));
  return query;
}

/** The page in a STORAGE_PROTOCOL_DATA_DESCRIPTOR; undefined when it holds none. */
export function nvmePage(answer: Uint8Array, bytes: number): Uint8Array | undefined {
  if (answer.length < 8 + protocolBytes) return undefined;
  const [start, length] = [8 + view(answer).getUint32(24, true), view(answer).getUint32(28, true)];
  return length >= bytes && answer.length >= start + bytes ? answer.subarray(start, start + bytes) : undefined;
}

/** Bytes before the page in SENDCMDOUTPARAMS. */
export const smartHeaderBytes = 16;

export const smartQuestions = {
  "ata-identify": { command: 0xec, feature: 0, isSmart: false },
  "ata-attributes": { command: 0xb0, feature: 0xd0, isSmart: true },
  "ata-thresholds": { command: 0xb0, feature: 0xd1, isSmart: true },
} as const;

/** SENDCMDINPARAMS for SMART_RCV_DRIVE_DATA. */
export function smartQuery({ command, feature, isSmart }: (typeof smartQuestions)[keyof typeof smartQuestions], drive: number): Uint8Array {
  const query = new Uint8Array(33);
  view(query).setUint32(0, 512, true);
  query.set([feature, 1, isSmart ? 1 : 0, isSmart ? 0x4f : 0, isSmart ? 0xc2 : 0, 0xa0, command, 0, drive & 0xff], 4);
  return query;
}

/** The page in SENDCMDOUTPARAMS; undefined when the drive reports an error. */
export function smartPage(answer: Uint8Array): Uint8Array | undefined {
  if (answer.length < smartHeaderBytes + 512 || answer[4] !== 0) return undefined;
  return answer.subarray(smartHeaderBytes, smartHeaderBytes + 512);
}

/** STORAGE_PREDICT_FAILURE: a word, and 512 bytes of the drive's own. */
export const predictBytes = 516;
export const saysFailing = (answer: Uint8Array): boolean | undefined =>
  answer.length < 4 ? undefined : view(answer).getUint32(0, true) !== 0;

/** STORAGE_TEMPERATURE_DATA_DESCRIPTOR: limits, and the first sensor. */
export const temperatureBytes = 512;
export function parseTemperature(answer: Uint8Array): { temperature: number; warning: number; critical: number } | undefined {
  if (answer.length < 32 || view(answer).getUint16(12, true) === 0) return undefined;
  return {
    critical: view(answer).getInt16(8, true),
    warning: view(answer).getInt16(10, true),
    temperature: view(answer).getInt16(26, true),
  };
}
