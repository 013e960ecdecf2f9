/**
 * What a program says of itself in its first bytes: builds for other systems cannot be run here, so at least their form is looked at
 * before they are packed.
 */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

export interface ProgramHeader {
  readonly format: "elf" | "pe" | "mach-o";
  readonly processor: "x64" | "arm64" | "other";
  /** Mach-O: how the program is signed. `ad-hoc`: without a certificate, which arm64 kernels want at the least. */
  readonly signature?: "none" | "ad-hoc" | "certificate";
}

/** What each build has to be, by its name in tools/build-agent.ts. */
export function expectedHeader(agent: string): ProgramHeader {
  const processor = agent.includes("arm64") ? "arm64" : "x64";
  if (agent.startsWith("linux-")) return { format: "elf", processor };
  return agent.startsWith("windows-") ? { format: "pe", processor } : { format: "mach-o", processor, signature: "ad-hoc" };
}

/** @throws when the file is no program of a known form */
export function readHeader(path: string): ProgramHeader {
  const descriptor = openSync(path, "r");
  try {
    const read = (position: number, length: number): Buffer => {
      const bytes = Buffer.alloc(length);
      return bytes.subarray(0, readSync(descriptor, bytes, 0, length, position));
    };
    return headerOf(read, fstatSync(descriptor).size);
  } finally {
    closeSync(descriptor);
  }
}

type Read = (position: number, length: number) => Buffer;

function headerOf(read: Read, size: number): ProgramHeader {
  const start = read(0, 64);
  if (size < 64) throw new Error("The file is too short for a program.");
  if (start.readUInt32BE(0) === 0x7f454c46) return { format: "elf", processor: named(start.readUInt16LE(18), 62, 183) };
  if (start.readUInt32LE(0) === 0xfeedfacf)
    return { format: "mach-o", processor: named(start.readUInt32LE(4), 0x01000007, 0x0100000c), signature: machSignature(read, start) };
  if (start.toString("latin1", 0, 2) === "MZ") {
    const pe = read(start.readUInt32LE(60), 6);
    if (pe.toString("latin1", 0, 4) === "PE\0\0") return { format: "pe", processor: named(pe.readUInt16LE(4), 0x8664, 0xaa64) };
  }
  throw new Error("The file is no program of Linux, Windows or macOS.");
}

function named(value: number, x64: number, arm64: number): ProgramHeader["processor"] {
  if (value === x64) return "x64";
  return value === arm64 ? "arm64" : "other";
}

const codeSignatureCommand = 0x1d;
const codeDirectoryMagic = 0xfade0c02;
const adHocFlag = 0x2;

/** LC_CODE_SIGNATURE leads to a list of blobs; the code directory's flags tell an ad-hoc signature (cs_blobs.h). */
function machSignature(read: Read, start: Buffer): ProgramHeader["signature"] {
  const commands = read(32, start.readUInt32LE(20));
  for (let at = 0; at + 16 <= commands.length; at += Math.max(8, commands.readUInt32LE(at + 4))) {
    if (commands.readUInt32LE(at) !== codeSignatureCommand) continue;
    const blob = read(commands.readUInt32LE(at + 8), commands.readUInt32LE(at + 12));
    for (let index = 0; index < blob.readUInt32BE(8); index++) {
      const directory = blob.readUInt32BE(12 + index * 8 + 4);
      if (blob.readUInt32BE(directory) === codeDirectoryMagic)
        return (blob.readUInt32BE(directory + 12) & adHocFlag) === 0 ? "certificate" : "ad-hoc";
    }
  }
  return "none";
}
