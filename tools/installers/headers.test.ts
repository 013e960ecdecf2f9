import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@hauswart/testkit/temporary-folder.ts";
import { bunRuntime } from "../bun-runtimes.ts";
import { expectedHeader, readHeader } from "./headers.ts";
import { installers } from "./list.ts";

const folder = temporaryFolder("headers");
const program = (bytes: Buffer) => {
  const path = join(folder, crypto.randomUUID());
  writeFileSync(path, bytes);
  return path;
};

test("this computer's runtime is what it is", async () => {
  expect(readHeader(await bunRuntime("@oven/bun-linux-x64"))).toEqual(expectedHeader("linux-x64"));
});

test("processors are told apart", () => {
  const elf = Buffer.alloc(64);
  elf.write("\x7fELF", 0, "latin1");
  elf.writeUInt16LE(183, 18);
  expect(readHeader(program(elf))).toEqual(expectedHeader("linux-arm64"));
  elf.writeUInt16LE(243, 18);
  expect(readHeader(program(elf)).processor).toBe("other");
  const pe = Buffer.alloc(128);
  pe.write("MZ", 0, "latin1");
  pe.writeUInt32LE(100, 60);
  pe.write("PE\0\0", 100, "latin1");
  pe.writeUInt16LE(0x8664, 104);
  expect(readHeader(program(pe))).toEqual(expectedHeader("windows-x64-baseline"));
});

test.each([
  [0x2, "ad-hoc"],
  [0x0, "certificate"],
] as const)("a signature of macOS with the flags %d is %s", (flags, signature) => {
  const bytes = Buffer.alloc(256);
  bytes.writeUInt32LE(0xfeedfacf, 0);
  bytes.writeUInt32LE(0x0100000c, 4);
  bytes.writeUInt32LE(16, 20); // one command
  bytes.writeUInt32LE(0x1d, 32);
  bytes.writeUInt32LE(16, 36);
  bytes.writeUInt32LE(100, 40); // where the signature lies
  bytes.writeUInt32LE(100, 44);
  bytes.writeUInt32BE(0xfade0cc0, 100);
  bytes.writeUInt32BE(1, 108);
  bytes.writeUInt32BE(20, 116); // where the code directory lies in it
  bytes.writeUInt32BE(0xfade0c02, 120);
  bytes.writeUInt32BE(flags, 132);
  expect(readHeader(program(bytes))).toEqual({ format: "mach-o", processor: "arm64", signature });
  bytes.writeUInt32LE(0x19, 32);
  expect(readHeader(program(bytes)).signature).toBe("none");
});

test("what is no program is refused", () => {
  expect(() => readHeader(program(Buffer.from("#!/bin/sh")))).toThrow("too short");
  expect(() => readHeader(program(Buffer.alloc(100)))).toThrow("no program");
});

test("there is an installer for each system and processor that is built", () => {
  expect(installers.map(({ agent }) => expectedHeader(agent)).map(({ format, processor }) => `${format} ${processor}`)).toEqual([
    "elf x64",
    "elf arm64",
    "pe x64",
    "elf x64",
    "elf arm64",
    "elf x64",
    "mach-o arm64",
    "mach-o x64",
  ]);
});
