import { expect, test } from "bun:test";
import { createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { testDatabase } from "@hauswart/testkit/database.ts";
import type { Database } from "./database/database.ts";
import { loadIdentity, temporaryIdentity } from "./identity.ts";
import { temporarySealedBox } from "./secrets/sealed-box.ts";

test("the key is made once; servers that start together and later get the same", async () => {
  await using database = await testDatabase();
  const secrets = temporarySealedBox();
  const load = () => loadIdentity(database, secrets);
  const together = await Promise.all([load(), load(), load()]);
  const later = await load();
  expect(new Set([...together, later].map(({ publicKey }) => publicKey)).size).toBe(1);
});

const storedKey = async (database: Database): Promise<Buffer> => {
  const [row] = await database.unwalled("a test", (tx) =>
    tx.sql<{ value: Buffer }>("select value from hauswart.installation where name = 'identity-key'"),
  );
  return row!.value;
};

test("the key is sealed in the database, also one that was stored before there was a master key", async () => {
  await using database = await testDatabase();
  const secrets = temporarySealedBox();
  const old = generateKeyPairSync("ed25519").privateKey.export({ format: "der", type: "pkcs8" });
  await database.unwalled("a test", (tx) => tx.sql("insert into hauswart.installation (name, value) values ('identity-key', $1)", [old]));
  const first = await loadIdentity(database, secrets);
  const sealed = await storedKey(database);
  expect(sealed.includes(old.subarray(-32))).toBe(false);
  expect(secrets.open(sealed, { table: "installation", row: "identity-key" })).toEqual(old);
  expect((await loadIdentity(database, secrets)).publicKey).toBe(first.publicKey);
  expect(loadIdentity(database, temporarySealedBox())).rejects.toThrow(/another master key/);
});

test("a signature is Ed25519 over the message, by the public key that is shown", () => {
  const identity = temporaryIdentity();
  const message = new TextEncoder().encode("hello");
  const x = Buffer.from(identity.publicKey, "base64");
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: x.toString("base64url") }, format: "jwk" });
  const signature = Buffer.from(identity.sign(message), "base64");
  expect([x.length, verify(null, message, key, signature), verify(null, new Uint8Array([1]), key, signature)]).toEqual([32, true, false]);
});
