/** Whether two computers stand behind the same gateway. Its network card decides where both know it: every other router is called 192.168.178.1. */

/** Default routes of a device, as they are stored. */
export interface GatewayColumns {
  readonly gateway_addresses: readonly string[];
  /** '' where it is not known. */
  readonly gateway_cards: readonly string[];
}

/** SQL of the same: true, false, or null where one of them has told nothing. @param one, @param other aliases of device */
export const sharesGatewaySql = (one: string, other: string) => `case
  when ${one}.gateway_addresses = '{}' or ${other}.gateway_addresses = '{}' then null
  when array_remove(${one}.gateway_cards, '') <> '{}' and array_remove(${other}.gateway_cards, '') <> '{}'
    then array_remove(${one}.gateway_cards, '') && array_remove(${other}.gateway_cards, '')
  else ${one}.gateway_addresses && ${other}.gateway_addresses end`;

/** undefined where one of them has told nothing. */
export function sharesGateway(one: GatewayColumns, other: GatewayColumns): boolean | undefined {
  if (one.gateway_addresses.length === 0 || other.gateway_addresses.length === 0) return undefined;
  const [cards, otherCards] = [one, other].map(({ gateway_cards }) => gateway_cards.filter((card) => card !== "")) as [string[], string[]];
  if (cards.length > 0 && otherCards.length > 0) return cards.some((card) => otherCards.includes(card));
  return one.gateway_addresses.some((address) => other.gateway_addresses.includes(address));
}
