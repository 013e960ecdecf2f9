/** The server's own Ed25519 key. Agents pin it, so it is made once per installation and stays in the database. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import type { Database } from "./database/database.ts";
import { query } from "./database/query.ts";
import type { Identity } from "./services.ts";

/** Name of its row in `installation`; the value is PKCS #8, DER. */
const rowName = "identity-key";

/** Reads the key, or makes it at the very first start. Of several servers that start at once, one makes it and all use it. */
export function loadIdentity(database: Database): Promise<Identity> {
  return database.unwalled("server identity", async (tx) => {
    const stored = query.selectFrom("installation").select("value").where("name", "=", rowName);
    const found = await tx.first(stored);
    if (found !== undefined) return identityOf(found.value);
    const fresh = query.insertInto("installation").values({ name: rowName, value: newKey() });
    await tx.run(fresh.onConflict((conflict) => conflict.doNothing()));
    const made = await tx.first(stored);
    if (made === undefined) throw new Error("the server's identity key was written but cannot be read");
    return identityOf(made.value);
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
