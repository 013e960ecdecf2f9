import { describe, expect, test } from "bun:test";
import { generateKeyPairSync, sign } from "node:crypto";
import { isSignedBy } from "./verify-signature.ts";

const { publicKey, privateKey } = generateKeyPairSync("ed25519");
const key = Buffer.from(publicKey.export({ format: "jwk" }).x!, "base64url");
const message = Buffer.from("message");
const signature = sign(null, message, privateKey).toString("base64");

describe("isSignedBy", () => {
  test("takes the key's own signature", () => {
    expect(isSignedBy(key, message, signature)).toBe(true);
  });
  test.each([
    ["another message", key, Buffer.from("massage"), signature],
    ["another key", Buffer.from(generateKeyPairSync("ed25519").publicKey.export({ format: "jwk" }).x!, "base64url"), message, signature],
    ["a key that is too short", key.subarray(1), message, signature],
    ["a key that is no point of the curve", Buffer.alloc(32, 0xff), message, signature],
    ["a signature that is too short", key, message, signature.slice(0, 40)],
    ["no base64", key, message, "!".repeat(88)],
  ])("refuses %s", (_name, publicKeyBytes, text, proof) => {
    expect(isSignedBy(publicKeyBytes, text, proof)).toBe(false);
  });
});
