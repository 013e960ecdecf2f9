/** For tests: a program for macOS. */

/** A program of the least parts: __TEXT with the header and what is run, __LINKEDIT with a signature of something else at its end. */
export function leastMacProgram(textPages: number): Buffer {
  const [page, linkEditBytes, staleBytes] = [4096, 300, 64];
  const textBytes = textPages * page;
  const bytes = Buffer.alloc(textBytes + linkEditBytes + staleBytes, 0x5a);
  bytes.fill(0, 0, 256);
  bytes.writeUInt32LE(0xfeedfacf, 0);
  bytes.writeUInt32LE(0x01000007, 4);
  bytes.writeUInt32LE(3, 16); // commands
  bytes.writeUInt32LE(72 + 72 + 16, 20);
  const segment = (at: number, name: string, offset: number, size: number) => {
    bytes.writeUInt32LE(0x19, at);
    bytes.writeUInt32LE(72, at + 4);
    bytes.write(name, at + 8, "latin1");
    bytes.writeBigUInt64LE(BigInt(size), at + 32);
    bytes.writeBigUInt64LE(BigInt(offset), at + 40);
    bytes.writeBigUInt64LE(BigInt(size), at + 48);
  };
  segment(32, "__TEXT", 0, textBytes);
  segment(104, "__LINKEDIT", textBytes, linkEditBytes + staleBytes);
  bytes.writeUInt32LE(0x1d, 176);
  bytes.writeUInt32LE(16, 180);
  bytes.writeUInt32LE(textBytes + linkEditBytes, 184);
  bytes.writeUInt32LE(staleBytes, 188);
  bytes.writeUInt32BE(0, textBytes + linkEditBytes + 8); // no entries
  return bytes;
}
