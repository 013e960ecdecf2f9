import { expect, test } from "bun:test";
import { hostsOf, unreadableNetwork } from "./addresses.ts";

test.each<[string[], string[]]>([
  [["192.168.1.77/30"], ["192.168.1.77", "192.168.1.78"]],
  [["10.0.0.255/31"], ["10.0.0.254", "10.0.0.255"]],
  [["10.0.0.1", "10.0.0.1/32"], ["10.0.0.1"]],
  [["255.255.255.252/30"], ["255.255.255.253", "255.255.255.254"]],
  [[], []],
])("%j", (networks, addresses) => expect(hostsOf(networks)).toEqual({ addresses, isPartial: false }));

test("no more than fit are taken, and it is told", () => {
  expect(hostsOf(["10.0.0.0/8"])).toMatchObject({ isPartial: true });
  expect(hostsOf(["10.0.0.0/8"]).addresses.length).toBe(512);
  expect(hostsOf(["10.0.0.0/29"], 6)).toMatchObject({ isPartial: false });
  expect(hostsOf(["10.0.0.0/29"], 5)).toMatchObject({ isPartial: true });
});

test.each(["", "fe80::/64", "10.0.0.0/33", "10.0.0.0/7", "10.0.0/24", "10.0.0.256", "printer"])("%j is no network", (network) => {
  expect(unreadableNetwork(["10.0.0.1", network])).toBe(network);
});
