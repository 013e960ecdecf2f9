/**
 * Signatures within programs for macOS (Mach-O), without a certificate: a list of the hashes of all pages, which says that the file is
 * whole. Bun makes one for Apple silicon; its program for Intel keeps the signature of the bare runtime, which does not fit any more.
 * Layouts: cs_blobs.h of XNU, and Go's cmd/internal/codesign, which signs so as well.
 */
import { createHash } from "node:crypto";

const segmentCommand = 0x19;
const signatureCommand = 0x1d;
const superBlobMagic = 0xfade0cc0;
const directoryMagic = 0xfade0c02;
const adHocFlag = 0x2;
const sha256Type = 2;
const hashBytes = 32;
const pageBits = 12;
const pageBytes = 1 << pageBits;
/** CodeDirectory with the bounds of the executable segment: version 0x20400. */
const directoryHeaderBytes = 88;
/** CS_EXECSEG_MAIN_BINARY. */
const mainProgram = 1n;
const machHeaderBytes = 32;

interface Segment {
  /** Where its command stands in the file. */
  readonly at: number;
  readonly offset: bigint;
  readonly size: bigint;
}

interface Parts {
  readonly text: Segment;
  readonly linkEdit: Segment;
  /** Where the command stands that says where the signature lies. */
  readonly signatureAt: number;
}

/** @throws when the file is no 64-bit program that has a signature */
function partsOf(program: Buffer): Parts {
  if (program.length < machHeaderBytes || program.readUInt32LE(0) !== 0xfeedfacf) throw new Error("This is no 64-bit program for macOS.");
  const segments = new Map<string, Segment>();
  let signatureAt: number | undefined;
  let at = machHeaderBytes;
  for (let index = 0; index < program.readUInt32LE(16); index++) {
    const command = program.readUInt32LE(at);
    if (command === signatureCommand) signatureAt = at;
    if (command === segmentCommand) {
      const name = program.toString("latin1", at + 8, at + 24).replace(/\0+$/, "");
      segments.set(name, { at, offset: program.readBigUInt64LE(at + 40), size: program.readBigUInt64LE(at + 48) });
    }
    at += program.readUInt32LE(at + 4);
  }
  const [text, linkEdit] = [segments.get("__TEXT"), segments.get("__LINKEDIT")];
  if (!text || !linkEdit || signatureAt === undefined) throw new Error("The program has no place for a signature.");
  return { text, linkEdit, signatureAt };
}

function pageHashes(program: Buffer, limit: number): Buffer[] {
  const hashes: Buffer[] = [];
  for (let from = 0; from < limit; from += pageBytes)
    hashes.push(
      createHash("sha256")
        .update(program.subarray(from, Math.min(from + pageBytes, limit)))
        .digest(),
    );
  return hashes;
}

/** Puts a fitting signature in the place of the one that the program has. @returns the signed program @throws when it has no place for one */
export function signAdHoc(source: Buffer, identifier: string): Buffer {
  const { text, linkEdit, signatureAt } = partsOf(source);
  const limit = source.readUInt32LE(signatureAt + 8);
  const pages = Math.ceil(limit / pageBytes);
  const name = Buffer.from(`${identifier}\0`);
  const hashesAt = directoryHeaderBytes + name.length;
  const directoryBytes = hashesAt + pages * hashBytes;
  const blobBytes = 20 + directoryBytes;
  const signatureBytes = Math.ceil(blobBytes / 16) * 16;

  const program = Buffer.concat([source.subarray(0, limit), Buffer.alloc(signatureBytes)]);
  const linkEditBytes = BigInt(limit + signatureBytes) - linkEdit.offset;
  program.writeUInt32LE(signatureBytes, signatureAt + 12);
  program.writeBigUInt64LE(linkEditBytes, linkEdit.at + 48);
  program.writeBigUInt64LE(((linkEditBytes + 4095n) / 4096n) * 4096n, linkEdit.at + 32); // in memory: whole pages

  const header = Buffer.alloc(20 + directoryHeaderBytes);
  [superBlobMagic, blobBytes, 1, 0, 20].forEach((value, index) => header.writeUInt32BE(value, index * 4));
  const directory = header.subarray(20);
  [directoryMagic, directoryBytes, 0x20400, adHocFlag, hashesAt, directoryHeaderBytes, 0, pages, limit].forEach((value, index) =>
    directory.writeUInt32BE(value, index * 4),
  );
  directory.set([hashBytes, sha256Type, 0, pageBits], 36);
  directory.writeBigUInt64BE(text.offset, 64);
  directory.writeBigUInt64BE(text.size, 72);
  directory.writeBigUInt64BE(mainProgram, 80);
  // Only now: the first page, which is hashed as well, says where the signature lies.
  Buffer.concat([header, name, ...pageHashes(program, limit)]).copy(program, limit);
  return program;
}

/** Whether the hashes in a program's signature are those of its pages. @throws when it has no signature */
export function isSignatureFitting(program: Buffer): boolean {
  const { signatureAt } = partsOf(program);
  const [offset, size] = [program.readUInt32LE(signatureAt + 8), program.readUInt32LE(signatureAt + 12)];
  if (offset + size !== program.length) return false;
  const blob = program.subarray(offset, offset + size);
  for (let index = 0; index < blob.readUInt32BE(8); index++) {
    const directory = blob.subarray(blob.readUInt32BE(12 + index * 8 + 4));
    if (directory.readUInt32BE(0) !== directoryMagic || directory[37] !== sha256Type || directory[39] !== pageBits) continue;
    const [hashesAt, pages, limit] = [16, 28, 32].map((at) => directory.readUInt32BE(at)) as [number, number, number];
    if (limit !== offset || pages !== Math.ceil(limit / pageBytes)) return false;
    return Buffer.concat(pageHashes(program, limit)).equals(directory.subarray(hashesAt, hashesAt + pages * hashBytes));
  }
  return false;
}
