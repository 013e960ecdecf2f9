/** The server's own Ed25519 key. Agents pin it, so it is made once per installation and stays in the database, sealed with the master key. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import type { Database } from "./database/database.ts";
import { query } from "./database/query.ts";
import type { SealedBox } from "./secrets/sealed-box.ts";
import type { Identity } from "./services.ts";

/** Name of its row in `installation`; the value is PKCS #8, DER, sealed. */
const rowName = "identity-key";
const place = { table: "installation", row: rowName } as const;
/** First byte of DER. What is sealed begins otherwise; a key from before there was a master key is not sealed yet. */
const derSequence = 0x30;

/** Reads the key, or makes it at the very first start. Of several servers that start at once, one makes it and all use it. */
export function loadIdentity(database: Database, secrets: SealedBox): Promise<Identity> {
  return database.unwalled("server identity", async (tx) => {
    const stored = query.selectFrom("installation").select("value").where("name", "=", rowName);
    const found = await tx.first(stored);
    if (found?.value[0] === derSequence) {
      const sealed = secrets.seal(found.value, place);
      await tx.run(query.updateTable("installation").set({ value: sealed }).where("name", "=", rowName).where("value", "=", found.value));
      return identityOf(found.value);
    }
    if (found !== undefined) return identityOf(secrets.open(found.value, place));
    const fresh = query.insertInto("installation").values({ name: rowName, value: secrets.seal(newKey(), place) });
    await tx.run(fresh.onConflict((conflict) => conflict.doNothing()));
    const made = await tx.first(stored);
    if (made === undefined) throw new Error("the server's identity key was written but cannot be read");
    return identityOf(secrets.open(made.value, place));
  });
}

/** An identity that is kept nowhere. For tests. */
export function temporaryIdentity(): Identity {
  return identityOf(newKey());
}

function newKey(): Buffer {
  return generateKeyPairSync("ed25519").privateKey.export({ format: "der", type: "pkcs8" });
}

function identityOf(pkcs8: Buffer): Identity {
  const privateKey = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
  const { x } = createPublicKey(privateKey).export({ format: "jwk" });
  if (x === undefined) throw new Error("the server's identity key is not an Ed25519 key");
  return {
    publicKey: Buffer.from(x, "base64url").toString("base64"),
    sign: (message) => sign(null, message, privateKey).toString("base64"),
  };
}
