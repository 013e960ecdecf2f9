import { expect, test } from "bun:test";
import { sharesGateway, type GatewayColumns } from "./same-network.ts";

const behind = (...gateways: [address: string, card: string][]): GatewayColumns => ({
  gateway_addresses: gateways.map(([address]) => address),
  gateway_cards: gateways.map(([, card]) => card),
});

test.each([
  ["one of them tells nothing", behind(), behind(["10.0.0.1", "aa"]), undefined],
  ["the same network card, whatever the address", behind(["10.0.0.1", "aa"]), behind(["10.0.0.254", "aa"]), true],
  ["the same address at another network card", behind(["192.168.178.1", "aa"]), behind(["192.168.178.1", "bb"]), false],
  ["the same address, and one does not know the network card", behind(["10.0.0.1", "aa"]), behind(["10.0.0.1", ""]), true],
  ["one of several", behind(["10.0.0.1", ""], ["fe80::1", ""]), behind(["10.9.0.1", ""], ["fe80::1", ""]), true],
  ["others", behind(["10.0.0.1", ""]), behind(["10.9.0.1", ""]), false],
])("the same gateway: %s", (_, one, other, expected) => {
  expect([sharesGateway(one, other), sharesGateway(other, one)]).toEqual([expected, expected]);
});
