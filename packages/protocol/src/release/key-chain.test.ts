import { expect, test } from "bun:test";
import { followKeys, keyStatementText, type KeySet, type KeyStatement, type VerifySignature } from "./key-chain.ts";

/** Signed is what names its key and says so. */
const verify: VerifySignature = (key, _, signature) => signature === `signed by ${key}`;
const stated = (set: KeySet, ...keys: readonly string[]): KeyStatement => ({
  statement: keyStatementText(set),
  signatures: keys.map((key) => ({ key, signature: `signed by ${key}` })),
});

const first: KeySet = { number: 1, keys: ["a"] };
const follow = async (statements: readonly KeyStatement[]) => (await followKeys(first, statements, verify)).set;
const second = stated({ number: 2, keys: ["a", "b"] }, "a");
const third = stated({ number: 3, keys: ["b"] }, "b");
const fourth = stated({ number: 4, keys: ["c"] }, "b");

test("statements lead on in whatever order they come", async () => {
  expect(await follow([fourth, second, third])).toEqual({ number: 4, keys: ["c"] });
  const { statements } = await followKeys(first, [fourth, second, third], verify);
  expect(statements).toEqual([second, third, fourth]);
});

test("those of strangers, of keys that came later, and what is none, stand in nobody's way", async () => {
  const strangers = [2, 3, 4].map((number) => stated({ number, keys: ["x"] }, "x"));
  const early = stated({ number: 2, keys: ["x"] }, "b");
  const none = ["", "null", "7", '{"product":"another","number":2,"keys":["x"]}'].map((statement) => ({
    ...stated(first, "a"),
    statement,
  }));
  expect(await follow([...strangers, early, ...none, fourth, third, second])).toEqual({ number: 4, keys: ["c"] });
});

test("the first of two for the same number counts, and what it does not believe is not followed", async () => {
  const other = stated({ number: 2, keys: ["z"] }, "a");
  expect(await follow([other, second, third])).toEqual({ number: 2, keys: ["z"] });
  expect(await follow([second, other, third])).toEqual({ number: 3, keys: ["b"] });
});

test("a number is not passed over, and sets of before lead nowhere", async () => {
  expect(await follow([third, fourth])).toEqual(first);
  expect(await follow([stated({ number: 1, keys: ["x"] }, "a"), stated({ number: 0, keys: ["x"] }, "a")])).toEqual(first);
});
