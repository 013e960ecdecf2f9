/**
 * A security identifier as Windows writes it in text.
 * https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/f992ad60-0fe4-4b87-9fed-beb478836861
 */

/** Revision, number of parts, six bytes of authority (highest first), then the parts. @returns undefined for bytes that are none */
export function sidText(bytes: Buffer): string | undefined {
  const [revision, parts] = [bytes[0], bytes[1]];
  if (revision !== 1 || parts === undefined || parts > 15 || bytes.length < 8 + parts * 4) return undefined;
  const authority = bytes.readUIntBE(2, 6);
  return ["S", revision, authority, ...Array.from({ length: parts }, (_, index) => bytes.readUInt32LE(8 + index * 4))].join("-");
}
