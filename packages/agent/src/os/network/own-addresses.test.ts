import { expect, test } from "bun:test";
import { isNeighbour } from "./own-addresses.ts";

test("only addresses of its own networks are looked for, and never itself", () => {
  const own = ["192.168.1.20/24", "10.0.0.5/16"];
  for (const address of ["192.168.1.1", "192.168.1.255", "10.0.200.7"])
    expect([address, isNeighbour(address, own)]).toEqual([address, true]);
  for (const address of ["192.168.2.1", "10.1.0.5", "8.8.8.8", "192.168.1.20", "fe80::1", "host", "", "300.1.1.1"])
    expect([address, isNeighbour(address, own)]).toEqual([address, false]);
  // A network as wide as a whole class A is nobody's office.
  expect(isNeighbour("10.9.9.9", ["10.0.0.5/8"])).toBe(false);
});
