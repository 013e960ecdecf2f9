/** ICMP echo packets (RFC 792, RFC 4443) as bytes. Pure. */
import type { NetworkAddress } from "./calls.ts";

type Family = NetworkAddress["family"];

const requestType: Readonly<Record<Family, number>> = { ipv4: 8, ipv6: 128 };
const replyType: Readonly<Record<Family, number>> = { ipv4: 0, ipv6: 129 };
const headBytes = 8;

/** The sum over the bytes as RFC 1071 has it. */
export function internetChecksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let index = 0; index < bytes.length; index += 2) sum += (bytes[index]! << 8) | (bytes[index + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** @param mark bytes that come back unchanged and tell our packets from those of others. For IPv6 the system puts the checksum in. */
export function echoRequest(family: Family, identifier: number, sequence: number, mark: Uint8Array): Uint8Array<ArrayBuffer> {
  const packet = new Uint8Array(headBytes + mark.length);
  const view = new DataView(packet.buffer);
  packet[0] = requestType[family];
  view.setUint16(4, identifier);
  view.setUint16(6, sequence);
  packet.set(mark, headBytes);
  if (family === "ipv4") view.setUint16(2, internetChecksum(packet));
  return packet;
}

/**
 * The sequence of the packet that this answers; undefined when it is no answer to one of ours.
 * @param received with or without the IP header before it: systems and kinds of sockets differ
 */
export function echoReplySequence(family: Family, received: Uint8Array, mark: Uint8Array): number | undefined {
  const hasHeader = family === "ipv4" && (received[0] ?? 0) >> 4 === 4;
  const packet = hasHeader ? received.subarray((received[0]! & 0x0f) * 4) : received;
  if (packet.length < headBytes + mark.length || packet[0] !== replyType[family] || packet[1] !== 0) return undefined;
  for (let index = 0; index < mark.length; index++) if (packet[headBytes + index] !== mark[index]) return undefined;
  return (packet[6]! << 8) | packet[7]!;
}
