/**
 * ATA's pages (ATA8-ACS): IDENTIFY DEVICE, SMART READ DATA and READ THRESHOLDS, device statistics log (04h). Words are little endian,
 * text within them the other way round.
 */

export interface AtaIdentity {
  readonly model: string;
  readonly serial: string;
  readonly firmware: string;
  readonly capacityBytes: number | null;
  readonly isSsd: boolean | undefined;
  readonly hasSmart: boolean;
  readonly isSmartOn: boolean;
}

/** An attribute as SMART data and thresholds tell of it together. */
export interface AtaAttribute {
  readonly id: number;
  /** 1 (worst) to 253; what the maker makes of the raw value. */
  readonly value: number;
  /** Undefined where there are no thresholds. */
  readonly threshold: number | undefined;
  /** Whether falling to the threshold means that the drive will fail soon. */
  readonly isPrefailure: boolean;
  /** Six bytes, whose meaning is the maker's. */
  readonly raw: number;
}

const pageBytes = 512;
const attributeCount = 30;
const view = (page: Uint8Array) => new DataView(page.buffer, page.byteOffset, page.byteLength);

/** Text of the words from..to, each of which holds two characters, the second first. */
function words(page: Uint8Array, from: number, to: number): string {
  let text = "";
  for (let word = from; word <= to; word++) text += String.fromCharCode(page[word * 2 + 1]!, page[word * 2]!);
  return text
    .replaceAll(/[\0-\x1f\x7f-\xff]/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
}

/** @returns undefined for a page that is too short or names no drive */
export function parseAtaIdentity(page: Uint8Array): AtaIdentity | undefined {
  if (page.length < pageBytes) return undefined;
  const word = (index: number) => view(page).getUint16(index * 2, true);
  const [serial, firmware, model] = [words(page, 10, 19), words(page, 23, 26), words(page, 27, 46)];
  if (model === "" && serial === "") return undefined;
  const rotation = word(217);
  // Bit 14 set and bit 15 clear: the word holds what it should.
  const isValid = (value: number) => (value & 0xc000) === 0x4000;
  return {
    model,
    serial,
    firmware,
    capacityBytes: capacityOf(page, word),
    isSsd: rotation === 1 ? true : rotation >= 0x0401 && rotation < 0xffff ? false : undefined,
    hasSmart: !isValid(word(83)) || (word(82) & 0x0001) !== 0,
    isSmartOn: (word(87) & 0xc000) !== 0x4000 || (word(85) & 0x0001) !== 0,
  };
}

function capacityOf(page: Uint8Array, word: (index: number) => number): number | null {
  const sectors = Number(view(page).getBigUint64(200, true)) || view(page).getUint32(120, true);
  const hasLargeSectors = (word(106) & 0xd000) === 0x5000;
  const sectorBytes = hasLargeSectors ? view(page).getUint32(234, true) * 2 : 512;
  const bytes = sectors * sectorBytes;
  return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : null;
}

/** Whether all bytes of a page add up to 0, as the last one sees to. */
export const isWhole = (page: Uint8Array): boolean =>
  page.length >= pageBytes && page.subarray(0, pageBytes).reduce((sum, byte) => (sum + byte) & 0xff, 0) === 0;

/** @returns undefined for SMART data that are damaged or hold no attribute */
export function parseAttributes(data: Uint8Array, thresholds: Uint8Array | undefined): AtaAttribute[] | undefined {
  if (!isWhole(data)) return undefined;
  const limits = new Map<number, number>();
  if (thresholds && isWhole(thresholds))
    for (let at = 2; at < 2 + attributeCount * 12; at += 12) if (thresholds[at] !== 0) limits.set(thresholds[at]!, thresholds[at + 1]!);
  const attributes: AtaAttribute[] = [];
  for (let at = 2; at < 2 + attributeCount * 12; at += 12) {
    const id = data[at]!;
    if (id === 0) continue;
    attributes.push({
      id,
      value: data[at + 3]!,
      threshold: limits.get(id),
      isPrefailure: (data[at + 1]! & 0x01) !== 0,
      raw: view(data).getUint32(at + 5, true) + view(data).getUint16(at + 9, true) * 2 ** 32,
    });
  }
  return attributes.length > 0 ? attributes : undefined;
}

export interface AtaStatistics {
  /** Page 04h: reported uncorrectable errors. */
  readonly uncorrectableErrors: number | undefined;
  /** Page 07h: percentage used endurance indicator. */
  readonly usedPercent: number | undefined;
}

/** Both pages begin with their number; the first statistic of each stands behind the header of eight bytes. */
export function parseStatistics(errors: Uint8Array | undefined, wear: Uint8Array | undefined): AtaStatistics {
  return { uncorrectableErrors: statistic(errors, 0x04, 0xffff_ffff), usedPercent: statistic(wear, 0x07, 0xff) };
}

/** The flags in the eighth byte say whether the statistic is supported (bit 7) and valid (bit 6). */
function statistic(page: Uint8Array | undefined, number: number, mask: number): number | undefined {
  if (!page || page.length < 16 || page[2] !== number || (page[15]! & 0xc0) !== 0xc0) return undefined;
  return view(page).getUint32(8, true) % (mask + 1);
}
