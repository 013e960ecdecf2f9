/**
 * Where messages may go, and of whom an answer may be shown. Who may change settings decides what the server does in its own
 * network: their webhooks and recipients reach it (an ntfy in the house is usual). What others name reaches what everybody can
 * reach, and the networks that the operator allows besides (HAUSWART_OUTSIDE_NETWORKS), by the rule of websites
 * (outside/address-rule.ts); else a technician could have the server ask its neighbours, and read what they say.
 */
import { outsideRule } from "../outside/address-rule.ts";
import type { Settings } from "../settings.ts";
import { isForbiddenAddress } from "../webhooks/address-rule.ts";

export interface Reach {
  readonly mayConnectTo: (address: string) => boolean;
  /** Whether what answers there may be shown to whoever reads messages. */
  readonly mayShowAnswerOf: (address: string) => boolean;
}

/** @param reachesInside whether the address was set by somebody who may change settings */
export function reachOf({ outsideNetworks }: Pick<Settings, "outsideNetworks">, reachesInside: boolean): Reach {
  const isOutside = outsideRule(outsideNetworks);
  return { mayConnectTo: reachesInside ? (address) => !isForbiddenAddress(address) : isOutside, mayShowAnswerOf: isOutside };
}
