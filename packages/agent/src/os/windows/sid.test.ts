import { expect, test } from "bun:test";
import { sidText } from "./sid.ts";

test("a security identifier in text", () => {
  const administrator = Buffer.from("0105000000000005150000000100000002000000ffffffff f4010000".replaceAll(" ", ""), "hex");
  expect(sidText(administrator)).toBe("S-1-5-21-1-2-4294967295-500");
  expect(sidText(Buffer.concat([administrator, Buffer.alloc(40)]))).toBe("S-1-5-21-1-2-4294967295-500");
  expect(sidText(Buffer.from("010100000000000512000000", "hex"))).toBe("S-1-5-18");
});

test.each(["", "01", "0201000000000005", "0110000000000005", "0102000000000005150000"])("%p is none", (hex) => {
  expect(sidText(Buffer.from(hex, "hex"))).toBeUndefined();
});
