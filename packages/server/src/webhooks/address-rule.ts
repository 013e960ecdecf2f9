/**
 * Where webhooks may go. Hauswart stands in the provider's own house, and so do many receivers: private addresses and
 * loopback are allowed. Link-local addresses are not: there clouds keep the credentials of the machine (169.254.169.254).
 * The rule holds for the address that is really connected to, so a name that changes its meaning does not get past it.
 */
import { lookup, type LookupAddress } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";

const forbidden = new BlockList();
forbidden.addSubnet("169.254.0.0", 16);
forbidden.addSubnet("fe80::", 10, "ipv6");
// Metadata services outside of the link-local range.
forbidden.addAddress("fd00:ec2::254", "ipv6");
forbidden.addAddress("fd20:ce::254", "ipv6");
forbidden.addAddress("100.100.100.200");
forbidden.addAddress("168.63.129.16");
// Nobody's address, and everybody's.
forbidden.addSubnet("0.0.0.0", 8);
forbidden.addAddress("::", "ipv6");
forbidden.addSubnet("224.0.0.0", 3);
forbidden.addSubnet("ff00::", 8, "ipv6");

/** The address is one that this message may not go to. */
export class ForbiddenAddressError extends Error {
  constructor(host: string) {
    super(`${host} is, or leads to, an address that messages may not go to`);
    this.name = "ForbiddenAddressError";
  }
}

/** @param address IPv4 or IPv6, without brackets */
export function isForbiddenAddress(address: string): boolean {
  const mapped = /^::ffff:(?:(\d+\.\d+\.\d+\.\d+)|([0-9a-f]{1,4}):([0-9a-f]{1,4}))$/i.exec(address);
  if (mapped) return isForbiddenAddress(mapped[1] ?? dotted(mapped[2]!, mapped[3]!));
  const version = isIP(address);
  return version === 0 || forbidden.check(address, version === 6 ? "ipv6" : "ipv4");
}

const dotted = (high: string, low: string) =>
  [high, low].flatMap((part) => [Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 255]).join(".");

/** Host of a URL as an address; undefined for a name. */
export function literalAddress(url: URL): string | undefined {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return isIP(host) === 0 ? undefined : host;
}

/** Name resolution that answers only with addresses that are allowed. */
export const lookupOf =
  (mayConnectTo: (address: string) => boolean): LookupFunction =>
  (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) return callback(error, "", 0);
      const allowed = addresses.filter(({ address }) => mayConnectTo(address));
      const first = allowed[0];
      if (!first) return callback(new ForbiddenAddressError(hostname), "", 0);
      // Node asks for all addresses when it races them; the types know only the single form.
      return options.all
        ? (callback as unknown as (error: null, all: LookupAddress[]) => void)(null, allowed)
        : callback(null, first.address, first.family);
    });
  };
