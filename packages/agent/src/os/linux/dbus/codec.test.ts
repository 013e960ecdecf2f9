import { describe, expect, test } from "bun:test";
import { decodeMessage, encodeCall, messageLength } from "./message.ts";
import { parseMatchRule } from "./match-rule.ts";
import { DbusReader } from "./reader.ts";
import { splitSignature } from "./signature.ts";
import { DbusWriter, Variant } from "./writer.ts";

function roundTrip(signature: string, values: unknown[]): unknown[] {
  const writer = new DbusWriter();
  writer.writeAll(signature, values);
  return new DbusReader(writer.finish(), true).readAll(signature);
}

describe("D-Bus values", () => {
  const cases: [string, unknown[]][] = [
    ["ybnqiudsog", [255, true, -2, 65_535, -3, 4_294_967_295, 1.5, "ä€", "/a/b", "a{sv}"]],
    ["xt", [-5n, 18_446_744_073_709_551_615n]],
    ["yxyd", [1, 2n, 3, 4.5]],
    [
      "a(ssu)",
      [
        [
          ["a", "b", 1],
          ["", "c", 2],
        ],
      ],
    ],
    ["at", [[]]],
    ["a{sas}", [{ one: ["x"], none: [] }]],
    ["(y(bs))", [[7, [false, "s"]]]],
  ];
  for (const [signature, values] of cases) {
    test(`${signature} comes back`, () => expect(roundTrip(signature, values)).toEqual(values));
  }
  test("what outgrows the writer's first bytes comes back whole", () => {
    const names = Array.from({ length: 100 }, (_, at) => `${"long-".repeat(at % 7)}${at}.service`);
    const values = [names, Array.from({ length: 100 }, (_, at) => at), "x".repeat(3_000)];
    expect(roundTrip("asaus", values)).toEqual(values);
  });
  test("variants give their value, byte arrays bytes", () => {
    expect(roundTrip("a{sv}", [{ a: new Variant("(is)", [1, "x"]), b: new Variant("v", new Variant("t", 2n)) }])).toEqual([
      { a: [1, "x"], b: 2n },
    ]);
    expect(roundTrip("ay", [[1, 2]])).toEqual([new Uint8Array([1, 2])]);
  });
  test("signatures are split, and wrong ones refused", () => {
    expect(splitSignature("sa{sv}(i(ii))aas")).toEqual(["s", "a{sv}", "(i(ii))", "aas"]);
    for (const wrong of ["(i", "z", "a", "()", "a".repeat(200)]) expect(() => splitSignature(wrong)).toThrow();
  });
  test("bytes that end too early, or claim too much, are refused", () => {
    const writer = new DbusWriter();
    writer.writeAll("as", [["hello", "world"]]);
    for (let length = 0; length < writer.length; length++)
      expect(() => new DbusReader(writer.finish().slice(0, length), true).readAll("as")).toThrow();
    expect(() => new DbusReader(new Uint8Array([255, 255, 255, 127]), true).readAll("ay")).toThrow();
  });
});

describe("D-Bus messages", () => {
  const call = { serial: 7, destination: "org.a", path: "/p", interfaceName: "org.i", member: "M", signature: "su", values: ["x", 1] };
  test("a call can be read again", () => {
    const bytes = encodeCall(call);
    expect(messageLength(bytes)).toBe(bytes.length);
    expect(decodeMessage(bytes)).toEqual({
      type: 1,
      serial: 7,
      destination: "org.a",
      path: "/p",
      interfaceName: "org.i",
      member: "M",
      body: ["x", 1],
    });
  });
  test("other things are refused", () => {
    expect(messageLength(new Uint8Array(8))).toBeUndefined();
    expect(() => messageLength(new Uint8Array(16))).toThrow();
    const huge = encodeCall(call);
    Buffer.from(huge.buffer, huge.byteOffset).writeUInt32LE(1 << 30, 4);
    expect(() => messageLength(huge)).toThrow("too large");
  });
  test("match rules select", () => {
    const rule = parseMatchRule("type='signal',sender='org.s',interface='i',member='m',path_namespace='/a/b',arg0='x'");
    expect(rule.sender).toBe("org.s");
    const message = { type: 4, serial: 1, interfaceName: "i", member: "m", path: "/a/b/c", body: ["x"] };
    expect(rule.matches(message)).toBe(true);
    for (const wrong of [{ path: "/a/bc" }, { member: "n" }, { interfaceName: "j" }, { body: ["y"] }])
      expect(rule.matches({ ...message, ...wrong })).toBe(false);
  });
});
