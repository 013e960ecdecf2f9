import type { Id } from "@hauswart/protocol/ids.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../database/database.ts";

/** Tells what stays open for these accounts and keys to look again whether it may, once the transaction has committed. */
export function announceAccess(tx: Tx, { services, providerId }: Pick<Context, "services" | "providerId">, actorIds: readonly Id[]): void {
  if (actorIds.length > 0) tx.afterCommit(() => services.bus.publish("access-changed", { providerId, actorIds: [...actorIds] }));
}
