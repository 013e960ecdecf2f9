/** Signing secrets as the database keeps them: sealed with the master key, as text. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Database } from "../database/database.ts";
import type { SealedBox, SealedPlace } from "../secrets/sealed-box.ts";

const start = "sealed:";

const placeOf = (providerId: Id, webhookId: Id): SealedPlace => ({ table: "webhook", row: `${providerId}/${webhookId}` });

export function sealSecret(secrets: SealedBox, providerId: Id, webhookId: Id, secret: string): string {
  return start + secrets.seal(Buffer.from(secret), placeOf(providerId, webhookId)).toString("base64");
}

/** Throws SealedValueError when it was altered, moved, or sealed with another key. */
export function openSecret(secrets: SealedBox, providerId: Id, webhookId: Id, stored: string): string {
  return secrets.open(Buffer.from(stored.slice(start.length), "base64"), placeOf(providerId, webhookId)).toString();
}

/** Seals what was stored before there was a master key. */
export async function sealStoredSecrets(database: Database, secrets: SealedBox): Promise<void> {
  await database.unwalled("seal the secrets of webhooks", async (tx) => {
    const rows = await tx.sql<{ provider_id: Id; webhook_id: Id; secret: string }>(
      "select provider_id, webhook_id, secret from hauswart.webhook where not starts_with(secret, $1) for update",
      [start],
    );
    for (const { provider_id, webhook_id, secret } of rows) {
      await tx.sql("update hauswart.webhook set secret = $3 where provider_id = $1 and webhook_id = $2", [
        provider_id,
        webhook_id,
        sealSecret(secrets, provider_id, webhook_id, secret),
      ]);
    }
  });
}
