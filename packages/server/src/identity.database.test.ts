import { expect, test } from "bun:test";
import { createPublicKey, verify } from "node:crypto";
import { testDatabase } from "@hauswart/testkit/database.ts";
import { loadIdentity, temporaryIdentity } from "./identity.ts";

test("the key is made once; servers that start together and later get the same", async () => {
  await using database = await testDatabase();
  const together = await Promise.all([loadIdentity(database), loadIdentity(database), loadIdentity(database)]);
  const later = await loadIdentity(database);
  expect(new Set([...together, later].map(({ publicKey }) => publicKey)).size).toBe(1);
});

test("a signature is Ed25519 over the message, by the public key that is shown", () => {
  const identity = temporaryIdentity();
  const message = new TextEncoder().encode("hello");
  const x = Buffer.from(identity.publicKey, "base64");
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: x.toString("base64url") }, format: "jwk" });
  const signature = Buffer.from(identity.sign(message), "base64");
  expect([x.length, verify(null, message, key, signature), verify(null, new Uint8Array([1]), key, signature)]).toEqual([32, true, false]);
});
