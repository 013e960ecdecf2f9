import { expect, test } from "bun:test";
import { outsideRule } from "./address-rule.ts";

const rule = outsideRule([], () => ["5.9.10.11", "2a01:4f8::11"]);

test.each([
  ["127.0.0.1", "loopback"],
  ["127.8.9.10", "loopback"],
  ["::1", "loopback"],
  ["10.1.2.3", "private"],
  ["172.16.0.1", "private"],
  ["192.168.1.1", "private"],
  ["100.64.0.1", "carrier's"],
  ["169.254.169.254", "metadata"],
  ["fd00:ec2::254", "metadata"],
  ["fe80::1", "link-local"],
  ["fc00::1", "unique local"],
  ["::ffff:127.0.0.1", "mapped, written with dots"],
  ["::ffff:7f00:1", "mapped, written in hex"],
  ["0:0:0:0:0:ffff:a01:203", "mapped, written out"],
  ["::7f00:1", "compatible"],
  ["64:ff9b::7f00:1", "NAT64"],
  ["2002:7f00:1::", "6to4"],
  ["2001:0:7f00:1::", "Teredo"],
  ["2001:db8::1", "documentation"],
  ["0.0.0.0", "nobody's"],
  ["::", "nobody's"],
  ["224.0.0.1", "multicast"],
  ["255.255.255.255", "broadcast"],
  ["5.9.10.11", "the server's own"],
  ["2a01:4f8::11", "the server's own"],
  ["localhost", "no address"],
  ["", "no address"],
])("%s is not asked: %s", (address) => expect(rule(address)).toBe(false));

test.each(["8.8.8.8", "1.1.1.1", "172.32.0.1", "2606:4700:4700::1111", "::ffff:8.8.8.8"])("%s is asked", (address) =>
  expect(rule(address)).toBe(true),
);

test("what the operator allows is asked besides; metadata services never are", () => {
  const allowing = outsideRule(["10.0.0.0/8", "fd12::/16", "127.0.0.1", "169.254.0.0/16", "fe80::/10"], () => ["10.0.0.1"]);
  expect(["10.0.0.1", "10.9.9.9", "fd12::5", "127.0.0.1", "::ffff:10.1.1.1"].filter((one) => !allowing(one))).toEqual([]);
  expect(["127.0.0.2", "192.168.0.1", "169.254.169.254", "fe80::1"].filter(allowing)).toEqual([]);
});
