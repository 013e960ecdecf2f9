import { expect, test } from "bun:test";
import { chooseAddress, NetworkAddressError, networkEnvironment } from "./network-address.ts";

const four = (address: string, internal = false) => ({ address, family: "IPv4", internal });
const loopback = four("127.0.0.1", true);
const six = { address: "fe80::1", family: "IPv6", internal: false };

test("the address by which the computer goes out, else the only one", () => {
  expect(chooseAddress("192.168.1.20", [loopback, four("172.17.0.1"), four("192.168.1.20"), six])).toBe("192.168.1.20");
  expect(chooseAddress(undefined, [loopback, six, four("192.168.1.20")])).toBe("192.168.1.20");
  expect(chooseAddress("127.0.0.1", [loopback, four("10.0.0.5")])).toBe("10.0.0.5");
});

test("none, or several of which nobody knows the right one: what to do is said", () => {
  expect(() => chooseAddress(undefined, [loopback, six])).toThrow(NetworkAddressError);
  expect(() => chooseAddress(undefined, [four("10.0.0.5"), four("10.1.0.5")])).toThrow(/10\.0\.0\.5, 10\.1\.0\.5.*HAUSWART_URL=/);
});

test("what is set already stays", async () => {
  expect(await networkEnvironment({ HAUSWART_URL: "https://hauswart.lan:8080" })).toEqual({
    HAUSWART_URL: "https://hauswart.lan:8080",
    HAUSWART_TLS_OWN: "yes",
  });
  const certificate = { HAUSWART_URL: "https://hauswart.lan", HAUSWART_TLS_CERT: "chain.pem", HAUSWART_TLS_KEY: "key.pem" };
  expect(await networkEnvironment(certificate)).toEqual({ HAUSWART_URL: "https://hauswart.lan" });
});
