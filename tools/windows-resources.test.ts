import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NtExecutable } from "resedit";
import { iconSizes, makeIcon } from "./installers/icon.ts";
import { brandProgram, programWords, readFileVersion, readProgramWords } from "./windows-resources.ts";

describe("a program for Windows", () => {
  const folder = mkdtempSync(join(tmpdir(), "hauswart-resources-"));
  const [plain, branded, again] = ["plain.exe", "branded.exe", "again.exe"].map((name) => join(folder, name)) as [string, string, string];
  beforeAll(() => writeFileSync(plain, Buffer.from(NtExecutable.createEmpty(false, false).generate())));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("shows nothing before, and our name, version and icon after", async () => {
    expect(readProgramWords(plain)).toEqual({ words: {}, iconSizes: [] });
    await brandProgram(plain, branded, "1.20.3+abcd");
    expect(readProgramWords(branded)).toEqual({
      words: { ...programWords, FileVersion: "1.20.3+abcd", ProductVersion: "1.20.3+abcd" },
      iconSizes: [...iconSizes],
    });
    // VS_FIXEDFILEINFO: what Windows Installer and Windows itself compare.
    const bytes = readFileSync(branded);
    const at = bytes.indexOf(Buffer.from("bd04effe", "hex"));
    expect([bytes.readUInt32LE(at + 8), bytes.readUInt32LE(at + 12)]).toEqual([(1 << 16) | 20, 3 << 16]);
    expect(readFileVersion(branded)).toBe("1.20.3.0");
    expect(() => readFileVersion(plain)).toThrow("says no version");
  });

  test("what another maker put there is replaced, not added to", async () => {
    await brandProgram(branded, again, "1.21.0");
    expect(readProgramWords(again).words["FileVersion"]).toBe("1.21.0");
    expect(readProgramWords(again).iconSizes).toEqual([...iconSizes]);
    expect(readFileSync(again).indexOf(Buffer.from("1.20.3+abcd", "utf16le"))).toBe(-1);
  });
});

test("the icon has every size, drawn", async () => {
  const icon = Buffer.from(await makeIcon());
  expect(icon.readUInt16LE(4)).toBe(iconSizes.length);
  iconSizes.forEach((size, index) => {
    const [length, offset] = [icon.readUInt32LE(6 + 16 * index + 8), icon.readUInt32LE(6 + 16 * index + 12)];
    const image = icon.subarray(offset, offset + length);
    expect(image.length).toBe(length);
    if (size === 256) expect(image.toString("latin1", 1, 4)).toBe("PNG");
    else {
      const pixel = (column: number, row: number) => [...image.subarray(40 + ((size - 1 - row) * size + column) * 4).subarray(0, 4)];
      expect([image.readInt32LE(4), image.readInt32LE(8)]).toEqual([size, size * 2]);
      expect(pixel(0, 0)[3]).toBeLessThan(128); // beyond the round corner
      expect(pixel(Math.floor(size / 2), 1)).toEqual([0x96, 0x5f, 0x1d, 255]);
      expect(pixel(Math.floor(size / 2), Math.floor(size / 2))).toEqual([255, 255, 255, 255]);
    }
  });
});
