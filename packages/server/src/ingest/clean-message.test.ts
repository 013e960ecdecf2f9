import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { cleanText, parseMessage } from "./clean-message.ts";

const mark = "\uFFFD";

describe("parseMessage", () => {
  test.each([
    ["NUL", '{"a":"x\\u0000y"}', { a: `x${mark}y` }],
    ["half a surrogate pair", '{"a":["\\ud83d!"]}', { a: [`${mark}!`] }],
    ["the other half, capital", '{"a":"\\uDE00"}', { a: mark }],
    ["a whole pair", '{"a":"\\ud83d\\ude00"}', { a: "😀" }],
    ["NUL in a key", '{"a\\u0000":1}', { [`a${mark}`]: 1 }],
    ["a backslash before what looks like an escape", '{"a":"\\\\u0000"}', { a: "\\u0000" }],
    ["nothing special", '{"a":[1,null,true,{"b":"ä"}]}', { a: [1, null, true, { b: "ä" }] }],
  ])("%s", (_name, text, expected) => {
    expect(parseMessage(text)).toEqual(expected);
  });
  test("what is not JSON throws", () => {
    expect(() => parseMessage('{"a":')).toThrow(SyntaxError);
  });
  test("nesting without end throws and does no harm", () => {
    const deep = `${"[".repeat(100_000)}"\\u0000"${"]".repeat(100_000)}`;
    expect(() => parseMessage(deep)).toThrow();
  });
  test("whatever comes in, what comes out is storable", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 2 }), fc.string({ unit: "binary" }), (value, text) => {
        const parsed = JSON.stringify(parseMessage(JSON.stringify({ value, text: `${text}\0` })));
        expect(parsed.includes("\\u0000")).toBe(false);
        expect(JSON.parse(parsed).text.isWellFormed()).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});

test("cleanText leaves good text alone", () => {
  expect(cleanText("Größe 😀\n")).toBe("Größe 😀\n");
});
