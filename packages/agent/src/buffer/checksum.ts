/**
 * CRC-32 as in ISO-HDLC and zlib, by the runtime's own function: node:zlib would load its whole machinery (5 MB resident, 1 MB of it
 * anonymous, measured). @param before checksum of the bytes in front of these.
 */
export function crc32(bytes: Uint8Array, before = 0): number {
  return (Bun.hash.crc32 as (bytes: Uint8Array, seed: number) => number)(bytes, before);
}
