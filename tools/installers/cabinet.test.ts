import { expect, test } from "bun:test";
import { inflateRawSync } from "node:zlib";
import { checksum, makeCabinet } from "./cabinet.ts";

/** Reads a cabinet as [MS-CAB] and [MS-MCI] tell, checksums included. */
function read(cabinet: Buffer): { names: string[]; content: Buffer } {
  expect([cabinet.toString("latin1", 0, 4), cabinet.readUInt32LE(8)]).toEqual(["MSCF", cabinet.length]);
  const names: string[] = [];
  let at = cabinet.readUInt32LE(16);
  for (let file = 0; file < cabinet.readUInt16LE(28); file++) {
    const end = cabinet.indexOf(0, at + 16);
    names.push(`${cabinet.toString("latin1", at + 16, end)} ${cabinet.readUInt32LE(at)} ${cabinet.readUInt32LE(at + 4)}`);
    at = end + 1;
  }
  expect([at, cabinet.readUInt16LE(42)]).toEqual([cabinet.readUInt32LE(36), 1]);
  let content = Buffer.alloc(0);
  for (let block = 0; block < cabinet.readUInt16LE(40); block++) {
    const packed = cabinet.readUInt16LE(at + 4);
    const body = cabinet.subarray(at + 8, at + 8 + packed);
    expect(checksum(cabinet.subarray(at + 4, at + 8), checksum(body, 0))).toBe(cabinet.readUInt32LE(at));
    expect(body.toString("latin1", 0, 2)).toBe("CK");
    const dictionary = content.subarray(-32_768);
    const plain = inflateRawSync(body.subarray(2), dictionary.length > 0 ? { dictionary } : {});
    expect(plain.length).toBe(cabinet.readUInt16LE(at + 6));
    content = Buffer.concat([content, plain]);
    at += 8 + packed;
  }
  expect(at).toBe(cabinet.length);
  return { names, content };
}

test("a cabinet holds its files, across blocks", () => {
  const large = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * index) % 251));
  const { names, content } = read(
    makeCabinet([
      { name: "program", content: large },
      { name: "license", content: Buffer.from("free") },
    ]),
  );
  expect(names).toEqual(["program 100000 0", "license 4 100000"]);
  expect(content.equals(Buffer.concat([large, Buffer.from("free")]))).toBe(true);
});

test("the checksum takes the last bytes with the first of them highest", () => {
  expect(checksum(Buffer.from([1, 0, 0, 0, 2, 3]), 0)).toBe(1 ^ 0x0203);
  expect(checksum(Buffer.from([0, 0, 0, 0x80]), 0)).toBe(0x80000000);
});
