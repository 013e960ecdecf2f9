import { generateKeyPairSync, verify } from "node:crypto";
import { expect, test } from "bun:test";
import { followKeys, type VerifySignature } from "@hauswart/protocol/release/key-chain.ts";
import { addKey, followWith, type ProjectKeys } from "./release-keys.ts";
import { publicKeyOf } from "./sign-release.ts";

const pairs = Array.from({ length: 4 }, () => generateKeyPairSync("ed25519"));
const [first, second, third, fourth] = pairs.map(({ privateKey }) => publicKeyOf(privateKey)) as [string, string, string, string];
const check: VerifySignature = (key, message, signature) => {
  const pair = pairs.find(({ privateKey }) => publicKeyOf(privateKey) === key);
  return pair !== undefined && verify(null, message, pair.publicKey, Buffer.from(signature, "base64"));
};
const none: ProjectKeys = { number: 1, keys: [], statements: [] };

test("two keys are believed; a third needs one that stays", () => {
  const two = addKey(addKey(none, first), second);
  expect(two).toEqual({ number: 1, keys: [first, second], statements: [] });
  expect(() => addKey(two, third)).toThrow("which of them stays");
});

test("what the project keeps leads from the first set to the last", async () => {
  const two = addKey(addKey(none, first), second);
  const three = followWith(two, third, pairs[1]!.privateKey);
  const four = followWith(three, fourth, pairs[2]!.privateKey);
  expect([three.keys, four.keys, four.number]).toEqual([[second, third], [third, fourth], 3]);
  expect((await followKeys(two, four.statements, check)).set).toEqual({ number: 3, keys: [third, fourth] });
  expect(() => followWith(four, first, pairs[0]!.privateKey)).toThrow("not believed now");
});
