/** Socket addresses as the C library lays them out. Pure. */
import type { NetworkAddress } from "./calls.ts";

/** The 16 bytes of an IPv6 address without its zone; undefined for what is none. */
export function ipv6Bytes(text: string): Uint8Array | undefined {
  const [address = ""] = text.split("%");
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const plain = dotted ? `${dotted[1]}${pairOf(dotted[2]!, dotted[3]!)}:${pairOf(dotted[4]!, dotted[5]!)}` : address;
  const halves = plain.split("::");
  if (halves.length > 2) return undefined;
  const groups = halves.map((half) => (half === "" ? [] : half.split(":")));
  const [front = [], back = []] = groups;
  const missing = 8 - front.length - back.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const all = halves.length === 1 ? front : [...front, ...Array.from({ length: missing }, () => "0"), ...back];
  if (!all.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return Uint8Array.from(all.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]));
}

const pairOf = (high: string, low: string) => ((Number(high) << 8) | Number(low)).toString(16);

/** The 4 bytes of an IPv4 address; undefined for what is none. */
export function ipv4Bytes(text: string): Uint8Array | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)) return undefined;
  return Uint8Array.from(parts.map(Number));
}

/** How a system begins a socket address: Linux and Windows by the family alone, BSD and macOS by length and family. */
export interface AddressLayout {
  readonly families: Readonly<Record<NetworkAddress["family"], number>>;
  readonly beginsWithLength: boolean;
}

/** sockaddr_in or sockaddr_in6, port 0. @param zone number of the interface, for addresses that hold on one alone */
export function socketAddress({ address, family }: NetworkAddress, layout: AddressLayout, zone = 0): Uint8Array<ArrayBuffer> {
  const host = family === "ipv4" ? ipv4Bytes(address) : ipv6Bytes(address);
  if (!host) throw new RangeError(`${address} is no address of ${family}`);
  const bytes = new Uint8Array(family === "ipv4" ? 16 : 28);
  const view = new DataView(bytes.buffer);
  if (layout.beginsWithLength) {
    bytes[0] = bytes.length;
    bytes[1] = layout.families[family];
  } else view.setUint16(0, layout.families[family], true);
  bytes.set(host, family === "ipv4" ? 4 : 8);
  if (family === "ipv6") view.setUint32(24, zone, true);
  return bytes;
}
