/** From where a request really came. */
import { BlockList, isIP } from "node:net";

export interface TrustedProxies {
  trusts(address: string): boolean;
}

/** @param ranges IP addresses and CIDR ranges. */
export function trustedProxies(ranges: readonly string[]): TrustedProxies {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = "", prefix] = range.split("/");
    const family = isIP(network) === 6 ? "ipv6" : "ipv4";
    if (prefix === undefined) list.addAddress(network, family);
    else list.addSubnet(network, Number(prefix), family);
  }
  return { trusts: (address) => isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? "ipv6" : "ipv4") };
}

/**
 * The caller's address: the socket's, unless that is a trusted proxy; then the last address in X-Forwarded-For that is none.
 * What stands before it was written by the caller and may be invented.
 */
export function clientAddress(proxies: TrustedProxies, socketAddress: string, forwardedFor: string | null | undefined): string {
  const peer = plainAddress(socketAddress);
  if (!forwardedFor || !proxies.trusts(peer)) return peer;
  const hops = forwardedFor.split(",").map((hop) => plainAddress(hop.trim()));
  let address = peer;
  for (const hop of hops.reverse()) {
    if (isIP(hop) === 0) break;
    address = hop;
    if (!proxies.trusts(hop)) break;
  }
  return address;
}

/** IPv4 in IPv6's clothes (::ffff:192.0.2.1) is IPv4. */
function plainAddress(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
}
