/**
 * Which addresses the server asks when it measures from outside. Whoever may add a website chooses the address, and the server stands
 * where others are not let in: so it asks what everybody can reach, and nothing of its own network. Special ranges are those of
 * the IANA special-purpose address registries (RFC 6890).
 */
import { BlockList, isIP } from "node:net";
import { networkInterfaces } from "node:os";
import { isForbiddenAddress } from "../webhooks/address-rule.ts";

const special = new BlockList();
for (const [network, bits] of [
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
] as const)
  special.addSubnet(network, bits);

/** Of IPv6 only what is handed out to the world; and not what carries an IPv4 address within it (6to4, Teredo, documentation). */
const worldwide = new BlockList();
worldwide.addSubnet("2000::", 3, "ipv6");
for (const [network, bits] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const)
  special.addSubnet(network, bits, "ipv6");

/** @returns whether the server may connect to an address. @param allowed networks (or addresses) that the operator allows besides */
export function outsideRule(
  allowed: readonly string[],
  ownAddresses: () => readonly string[] = addressesOfThisComputer,
): (address: string) => boolean {
  const besides = networksOf(allowed);
  return (given) => {
    const address = withoutMapping(given);
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    // Metadata services and nobody's addresses cannot be allowed.
    if (isForbiddenAddress(address)) return false;
    if (besides.check(address, family)) return true;
    if (special.check(address, family) || (family === "ipv6" && !worldwide.check(address, "ipv6"))) return false;
    return !ownAddresses().includes(address);
  };
}

/** ::ffff:a.b.c.d is a.b.c.d to whoever connects to it (RFC 4291, 2.5.5.2). */
function withoutMapping(address: string): string {
  if (isIP(address) !== 6) return address;
  const { hostname } = new URL(`http://[${address.split("%")[0]!}]/`);
  const [, high, low] = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(hostname) ?? [];
  if (high === undefined || low === undefined) return hostname.slice(1, -1);
  return [high, low].flatMap((part) => [Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 255]).join(".");
}

function networksOf(texts: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of texts) {
    const [address = "", bits] = text.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

/** A public address of the server leads past the firewall before it. */
function addressesOfThisComputer(): string[] {
  return Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => address));
}
