import { expect, test } from "bun:test";
import { clientAddress, trustedProxies } from "./client-address.ts";

const proxies = trustedProxies(["127.0.0.1", "::1", "10.0.0.0/8", "2001:db8::/32"]);

test.each([
  ["without a proxy the header is not believed", "192.0.2.9", "198.51.100.1", "192.0.2.9"],
  ["one proxy", "127.0.0.1", "198.51.100.1", "198.51.100.1"],
  ["a proxy by IPv6", "::1", "2001:db9::7", "2001:db9::7"],
  ["a proxy as IPv4 in IPv6", "::ffff:127.0.0.1", "198.51.100.1", "198.51.100.1"],
  ["two proxies", "127.0.0.1", "198.51.100.1, 10.1.2.3", "198.51.100.1"],
  ["what the caller invented stands before and does not count", "127.0.0.1", "1.2.3.4, 198.51.100.1", "198.51.100.1"],
  ["nonsense is not walked through", "127.0.0.1", "198.51.100.1, nonsense", "127.0.0.1"],
  ["only proxies: the farthest", "127.0.0.1", "10.1.1.1, 10.2.2.2", "10.1.1.1"],
  ["no header", "127.0.0.1", null, "127.0.0.1"],
  ["an empty header", "127.0.0.1", "", "127.0.0.1"],
])("%s", (_, socket, header, expected) => {
  expect(clientAddress(proxies, socket, header)).toBe(expected);
});

test("nobody is trusted when no proxy is set", () => {
  expect(clientAddress(trustedProxies([]), "127.0.0.1", "198.51.100.1")).toBe("127.0.0.1");
});
