/** Where packets leave this computer's networks, from what each system prints or lays down of its routes. Pure. */
import { ipv4Bytes } from "./socket-address.ts";

/** A default route's next hop. */
export interface Gateway {
  /** IPv4, or IPv6 without its zone. */
  readonly address: string;
  /** Its network card, such as a4:2b:b0:01:02:03; undefined where it is not known just now. Tells two networks of the same numbers apart. */
  readonly card?: string;
}

/** What the protocol takes. */
const most = 4;
/** RTF_UP and RTF_GATEWAY (linux/route.h). */
const [isUp, hasGateway] = [1, 2];

/** One gateway each, the one that is used first in front. */
function wantedFirst(routes: readonly (Gateway & { readonly metric: number })[]): Gateway[] {
  const sorted = [...routes]
    .sort((one, other) => one.metric - other.metric)
    .map(({ address, card }) => (card === undefined ? { address } : { address, card }));
  return sorted.filter(({ address }, index) => sorted.findIndex((other) => other.address === address) === index).slice(0, most);
}

/**
 * Linux. @param routes /proc/net/route @param routes6 /proc/net/ipv6_route @param cards /proc/net/arp
 * Addresses of IPv4 stand there as the processor keeps them, which is the wrong way round on all that the agent runs on.
 */
export function linuxGateways(routes: string, routes6: string, cards: string): Gateway[] {
  const four = lines(routes).flatMap(([, target, via = "", flags, , , metric, mask]) => {
    const isDefault =
      target === "00000000" && mask === "00000000" && (Number.parseInt(flags!, 16) & (isUp | hasGateway)) === (isUp | hasGateway);
    if (!isDefault || !/^[0-9A-F]{8}$/i.test(via)) return [];
    const address = [6, 4, 2, 0].map((at) => Number.parseInt(via.slice(at, at + 2), 16)).join(".");
    const card = linuxCard(cards, address)?.card;
    return [{ address, metric: Number(metric), ...(card === undefined ? {} : { card }) }];
  });
  const six = lines(routes6).flatMap(([target, length, , , via = "", metric, , , flags]) => {
    const isDefault = /^0{32}$/.test(target ?? "") && length === "00" && (Number.parseInt(flags ?? "", 16) & hasGateway) !== 0;
    if (!isDefault || !/^[0-9a-f]{32}$/i.test(via) || /^0{32}$/.test(via)) return [];
    return [{ address: ipv6Text(via), metric: Number.parseInt(metric!, 16) }];
  });
  return [...wantedFirst(four), ...wantedFirst(six)].slice(0, most);
}

/** 32 hexadecimal digits as IPv6 is written (RFC 5952). */
const ipv6Text = (digits: string): string => new URL(`http://[${digits.match(/.{4}/g)!.join(":")}]`).hostname.slice(1, -1);

const lines = (table: string) => table.split("\n").map((line) => line.trim().split(/\s+/));

/** ATF_COM (linux/if_arp.h). */
const complete = 2;

/**
 * What /proc/net/arp has of an address (proc_net(5)); undefined where it does not list it. A resolution that is not complete may bear the
 * card of before.
 */
export function linuxCard(table: string, address: string): { readonly card: string | undefined; readonly isComplete: boolean } | undefined {
  const [, , flags, card] = lines(table).find(([own]) => own === address) ?? [];
  return card === undefined ? undefined : { card: card === noCard ? undefined : card, isComplete: (Number(flags) & complete) !== 0 };
}

const noCard = "00:00:00:00:00:00";

/** Windows. @param routes MIB_IPFORWARDTABLE @param cards MIB_IPNETTABLE (iprtrmib.h, ipmib.h) */
export function windowsGateways(routes: Buffer, cards: Buffer): Gateway[] {
  const rowBytes = 56;
  const found = rowsOf(routes, rowBytes).flatMap((row) => {
    const [target, mask, via, metric] = [row.readUInt32LE(0), row.readUInt32LE(4), row.subarray(12, 16).join("."), row.readUInt32LE(36)];
    // A default route without a gateway leads to whoever is on the line.
    return target === 0 && mask === 0 && via !== "0.0.0.0" ? [{ address: via, metric, ...windowsCardOf(cards, via) }] : [];
  });
  return wantedFirst(found);
}

function windowsCardOf(table: Buffer, address: string): Pick<Gateway, "card"> {
  const rowBytes = 24;
  const row = rowsOf(table, rowBytes).find((one) => one.subarray(16, 20).join(".") === address && one.readUInt32LE(4) === 6);
  const card = row && cardText(row.subarray(8, 14));
  return card && card !== noCard ? { card } : {};
}

function rowsOf(table: Buffer, rowBytes: number): Buffer[] {
  const count = table.length < 4 ? 0 : Math.min(table.readUInt32LE(0), Math.floor((table.length - 4) / rowBytes));
  return Array.from({ length: count }, (_, index) => table.subarray(4 + index * rowBytes, 4 + (index + 1) * rowBytes));
}

const cardText = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(":");

/** macOS. @param route `route -n get default` @param cards `arp -n ADDRESS` */
export function macosGateways(route: string, cards: string): Gateway[] {
  const address = /^\s*gateway: (\S+)$/m.exec(route)?.[1]?.split("%")[0];
  if (address === undefined || (!ipv4Bytes(address) && !address.includes(":"))) return []; // a line such as a tunnel: `index: 12 utun3`
  const card = macosCard(cards, address);
  return [card === undefined ? { address } : { address, card }];
}

/** The network card that `arp -n ADDRESS` tells; undefined for `(incomplete)` and `no entry`. */
export function macosCard(cards: string, address: string): string | undefined {
  const line = cards.split("\n").find((one) => one.includes(`(${address})`));
  const card = / at ([0-9a-f]{1,2}(?::[0-9a-f]{1,2}){5}) /i.exec(`${line ?? ""} `)?.[1];
  return card
    ?.split(":")
    .map((part) => part.padStart(2, "0").toLowerCase())
    .join(":");
}
