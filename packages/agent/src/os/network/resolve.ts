/** Names to addresses, as the system's own resolver has them. */
import type { AddressFamily, NetworkAddress, WhyNoAddress } from "./calls.ts";
import { ipv4Bytes, ipv6Bytes } from "./socket-address.ts";

const wantedFamily: Readonly<Record<AddressFamily, 0 | 4 | 6>> = { any: 0, ipv4: 4, ipv6: 6 };
/** The resolver knows that there is no such name, or no such address of it. */
const notFound: ReadonlySet<string> = new Set([
  "ENOTFOUND",
  "ENODATA",
  "EAI_NONAME",
  "EAI_NODATA",
  "DNS_ENOTFOUND",
  "DNS_ENODATA",
  "EBADNAME",
]);

const nameOf = (family: number): NetworkAddress["family"] => (family === 6 ? "ipv6" : "ipv4");

/** See NetworkCalls. An address of the other family than the wanted one is not found. */
export async function resolve(name: string, family: AddressFamily): Promise<readonly NetworkAddress[] | WhyNoAddress> {
  const wanted = wantedFamily[family];
  const own = ipv4Bytes(name) ? 4 : ipv6Bytes(name) ? 6 : 0;
  if (own !== 0) return wanted === 0 || wanted === own ? [{ address: name, family: nameOf(own) }] : "not-found";
  try {
    const { lookup } = await import("node:dns/promises");
    const found = await lookup(name, { family: wanted, all: true });
    return found.length === 0 ? "not-found" : found.map((one) => ({ address: one.address, family: nameOf(one.family) }));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return notFound.has(code ?? "") && isConnected() ? "not-found" : "no-answer";
  }
}

/** See NetworkCalls. The runtime lists only interfaces that are up. Its module is loaded when somebody does not answer. */
export function isConnected(): boolean {
  const { networkInterfaces } = process.getBuiltinModule("node:os");
  return Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ internal }) => !internal));
}

/** See NetworkCalls. */
export function localNetworks(): string[] {
  const { networkInterfaces } = process.getBuiltinModule("node:os");
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return [...new Set(own.flatMap(({ internal, family, cidr }) => (!internal && family === "IPv4" && cidr ? networkOfAddress(cidr) : [])))];
}

/** 192.168.1.23/24 stands in 192.168.1.0/24. */
function networkOfAddress(cidr: string): string[] {
  const [address = "", length = ""] = cidr.split("/");
  const bytes = ipv4Bytes(address);
  const bits = Number(length);
  if (!bytes || !Number.isInteger(bits) || bits < 1 || bits > 32) return [];
  const host = 2 ** (32 - bits);
  const number = new DataView(bytes.buffer).getUint32(0);
  const first = Math.floor(number / host) * host;
  return [`${[24, 16, 8, 0].map((shift) => (first >>> shift) & 0xff).join(".")}/${bits}`];
}
