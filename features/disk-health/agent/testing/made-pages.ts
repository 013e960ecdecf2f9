/** Made pages of the forms that the NVM Express Base Specification and ATA8-ACS lay down. */

export interface MadeAttribute {
  readonly id: number;
  readonly value?: number;
  readonly raw?: number;
  readonly threshold?: number;
  readonly isPrefailure?: boolean;
}

const viewOf = (page: Uint8Array) => new DataView(page.buffer);

/** The last byte makes all of them add up to 0. */
function sealed(page: Uint8Array): Uint8Array {
  page[511] = 0;
  page[511] = (256 - (page.reduce((sum, byte) => sum + byte, 0) & 0xff)) & 0xff;
  return page;
}

export function smartData(attributes: readonly MadeAttribute[]): Uint8Array {
  const page = new Uint8Array(512);
  page[0] = 0x10;
  attributes.forEach(({ id, value = 100, raw = 0, isPrefailure = false }, index) => {
    const at = 2 + index * 12;
    page.set([id, isPrefailure ? 0x33 : 0x32, 0, value, value], at);
    viewOf(page).setUint32(at + 5, raw % 2 ** 32, true);
    viewOf(page).setUint16(at + 9, Math.floor(raw / 2 ** 32), true);
  });
  return sealed(page);
}

export function smartThresholds(attributes: readonly MadeAttribute[]): Uint8Array {
  const page = new Uint8Array(512);
  page[0] = 0x10;
  attributes.forEach(({ id, threshold = 0 }, index) => page.set([id, threshold], 2 + index * 12));
  return sealed(page);
}

export interface MadeIdentity {
  readonly model?: string;
  readonly serial?: string;
  readonly firmware?: string;
  readonly sectors?: number;
  readonly rotation?: number;
  readonly sectorBytes?: number;
  readonly words?: Readonly<Record<number, number>>;
}

export function ataIdentity(made: MadeIdentity = {}): Uint8Array {
  const {
    model = "HAUSWART HD 4000",
    serial = "HW-0001",
    firmware = "1.02",
    sectors = 7_814_037_168,
    rotation = 7_200,
    sectorBytes = 512,
    words = {},
  } = made;
  const page = new Uint8Array(512);
  const view = viewOf(page);
  const text = (from: number, to: number, value: string) => {
    const padded = value.padEnd((to - from + 1) * 2);
    for (let word = from; word <= to; word++)
      page.set([padded.charCodeAt((word - from) * 2 + 1), padded.charCodeAt((word - from) * 2)], word * 2);
  };
  text(10, 19, serial.padStart(20));
  text(23, 26, firmware);
  text(27, 46, model);
  view.setBigUint64(200, BigInt(sectors), true);
  view.setUint16(434, rotation, true);
  view.setUint16(164, 0x0001, true);
  view.setUint16(166, 0x4000, true);
  view.setUint16(170, 0x0001, true);
  view.setUint16(174, 0x4000, true);
  if (sectorBytes !== 512) {
    view.setUint16(212, 0x5000, true);
    view.setUint32(234, sectorBytes / 2, true);
  }
  for (const [word, value] of Object.entries(words)) view.setUint16(Number(word) * 2, value, true);
  return page;
}

/** A page of the device statistics log whose first statistic is supported and valid unless told otherwise. */
export function statisticsPage(number: number, value: number, flags = 0xc0): Uint8Array {
  const page = new Uint8Array(512);
  page[2] = number;
  viewOf(page).setUint32(8, value, true);
  page[15] = flags;
  return page;
}

export interface MadeHealth {
  readonly warning?: number;
  readonly kelvins?: number;
  readonly spare?: number;
  readonly threshold?: number;
  readonly used?: number;
  readonly hours?: number;
  readonly mediaErrors?: number;
}

export function nvmeHealth({
  warning = 0,
  kelvins = 310,
  spare = 100,
  threshold = 10,
  used = 3,
  hours = 1_200,
  mediaErrors = 0,
}: MadeHealth = {}): Uint8Array {
  const page = new Uint8Array(512);
  page[0] = warning;
  viewOf(page).setUint16(1, kelvins, true);
  page.set([spare, threshold, used], 3);
  viewOf(page).setBigUint64(128, BigInt(hours), true);
  viewOf(page).setBigUint64(160, BigInt(mediaErrors), true);
  return page;
}

export function nvmeIdentity({
  model = "HAUSWART NVME 1TB",
  serial = "HW-N-0002",
  firmware = "3B4Q",
  capacity = 1_000_204_886_016,
} = {}): Uint8Array {
  const page = new Uint8Array(4_096);
  const text = (at: number, bytes: number, value: string) => page.set(new TextEncoder().encode(value.padEnd(bytes)), at);
  text(4, 20, serial);
  text(24, 40, model);
  text(64, 8, firmware);
  viewOf(page).setUint16(266, 355, true);
  viewOf(page).setUint16(268, 358, true);
  viewOf(page).setBigUint64(280, BigInt(capacity), true);
  return page;
}
