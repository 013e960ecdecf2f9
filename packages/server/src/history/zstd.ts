/** Compression of packed rows. */
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";

/** Rows are written once and read often; a higher level gains little on some kilobytes. */
const level = 9;

export function compress(bytes: Uint8Array): Buffer {
  return zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: level } });
}

export function decompress(bytes: Uint8Array): Uint8Array {
  return zstdDecompressSync(bytes);
}
