import type { Result } from "@hauswart/protocol/api/routes.ts";
import webpush from "web-push";
import { pushKeyPlace } from "../../channels/outbox/targets.ts";
import { systemContext, type Verb } from "../../context.ts";
import { requirePerson } from "./push-owner.ts";

/** The house's key for push services (RFC 8292), made when somebody asks for it first. Errors: FORBIDDEN (not a person). */
export async function getPushKey({ ctx }: Verb<unknown>): Promise<Result<"getPushKey">> {
  requirePerson(ctx);
  const { services, providerId } = ctx;
  return services.database.transaction(systemContext(services, providerId, "push-key"), async (tx) => {
    const read = () => tx.sql<{ public_key: string }>("select public_key from hauswart.push_key where provider_id = $1", [providerId]);
    const [known] = await read();
    if (known) return { publicKey: known.public_key };
    const { publicKey, privateKey } = webpush.generateVAPIDKeys();
    await tx.sql(
      "insert into hauswart.push_key (provider_id, public_key, private_key) values ($1, $2, $3) on conflict (provider_id) do nothing",
      [providerId, publicKey, services.secrets.seal(Buffer.from(privateKey, "utf8"), pushKeyPlace(providerId))],
    );
    const [made] = await read();
    return { publicKey: made!.public_key };
  });
}
