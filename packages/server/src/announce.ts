/** Tells the live stream what a transaction has changed, once it has committed. */
import type { LiveEvent } from "@hauswart/protocol/api/models.ts";
import type { Context } from "./context.ts";
import type { Tx } from "./database/database.ts";

/** Publishes on the topic `live` after the commit. */
export function announce(tx: Tx, { services, providerId }: Pick<Context, "services" | "providerId">, event: LiveEvent): void {
  tx.afterCommit(() => services.bus.publish("live", { providerId, ...event }));
}
