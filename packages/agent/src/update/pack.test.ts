import { describe, expect, test } from "bun:test";
import { BrittleFolder } from "../testing/brittle-folder.ts";
import { pack, unpack } from "./pack.ts";

const modules = [
  { name: "main.js", bytes: new TextEncoder().encode("import './other-1a2b.js';\n") },
  { name: "other-1a2b.js", bytes: new TextEncoder().encode("export {};\n// ä\n") },
];

function folderWith(bytes: Uint8Array): BrittleFolder {
  const files = new BrittleFolder(() => 0.5);
  files.append("slot-a.pack", bytes);
  return files;
}

describe("an application as one file", () => {
  test("is unpacked as it was packed", () => {
    const files = folderWith(pack(modules));
    unpack(files, "slot-a.pack", "slot-a");
    for (const { name, bytes } of modules) expect(files.read(`slot-a/${name}`)).toEqual(bytes);
  });

  test("is not written again where it lies, and mended where it was changed", () => {
    const files = folderWith(pack(modules));
    unpack(files, "slot-a.pack", "slot-a");
    files.stepsUntilCrash = 1;
    unpack(files, "slot-a.pack", "slot-a");
    expect(files.stepsUntilCrash).toBe(1);
    files.stepsUntilCrash = Infinity;
    files.append("slot-a/main.js", new Uint8Array([10]));
    unpack(files, "slot-a.pack", "slot-a");
    expect(files.read("slot-a/main.js")).toEqual(modules[0]!.bytes);
  });

  const wrong: [string, Uint8Array][] = [
    ["without a header", new TextEncoder().encode("this is no program")],
    ["whose header is no list", new TextEncoder().encode("{}\n")],
    ["whose modules lead elsewhere", pack([{ name: "../main.js", bytes: modules[0]!.bytes }])],
    ["without a beginning", pack([modules[1]!])],
    ["that ends too early", pack(modules).slice(0, -3)],
  ];
  test.each(wrong)("%s is refused", (_what, bytes) => {
    expect(() => unpack(folderWith(bytes), "slot-a.pack", "slot-a")).toThrow();
  });
});
