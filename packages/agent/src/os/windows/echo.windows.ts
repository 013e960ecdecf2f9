/**
 * ICMP echo on Windows: IcmpSendEcho2Ex and Icmp6SendEcho2 of iphlpapi.dll, which need no rights. Each call signals an event and is
 * looked at between timers, so it never holds the agent.
 */
import type { EchoAnswer, EchoNotSent, EchoQuestion, NetworkAddress } from "../network/calls.ts";
import { socketAddress } from "../network/socket-address.ts";
import { lastError, library } from "./library.ts";

/** IP_STATUS codes (ipexport.h). */
const status = { success: 0, generalFailure: 11_050 } as const;
const unreachable: readonly number[] = [11_002, 11_003, 11_004, 11_005, 11_013];
/** ERROR_IO_PENDING: the answer will come. */
const pending = 997;
/** ERROR_NETWORK_UNREACHABLE, WSAENETUNREACH, WSAEADDRNOTAVAIL, WSAENETDOWN. */
const noRoute: readonly number[] = [1_231, 10_051, 10_049, 10_050];
const notPermitted: readonly number[] = [5];

const layout = { families: { ipv4: 2, ipv6: 23 }, beginsWithLength: false } as const;
/** Of ICMP_ECHO_REPLY and ICMPV6_ECHO_REPLY (64 bits): where status and round trip in milliseconds stand. */
const reply = { ipv4: { status: 4, tripMs: 8 }, ipv6: { status: 28, tripMs: 32 } } as const;
/** Room for a reply, the data that comes back, an ICMP error and the system's own block. */
const replyBytes = 512;
const mark = Buffer.from("hauswart echo");
const pausesMs = [2, 5, 10, 20, 40, 80, 100] as const;

/** https://learn.microsoft.com/windows/win32/api/icmpapi */
const icmp = library("iphlpapi.dll", {
  IcmpCreateFile: ["handle"],
  IcmpCloseHandle: ["status", "handle"],
  IcmpSendEcho2: ["u32", "handle", "handle", "pointer", "pointer", "u32", "pointer", "u16", "pointer", "pointer", "u32", "u32"],
  IcmpParseReplies: ["u32", "pointer", "u32"],
});
/** The same, declared apart: Wine has not all of it. */
const icmp6 = library("iphlpapi.dll", {
  Icmp6CreateFile: ["handle"],
  Icmp6SendEcho2: [
    "u32",
    "handle",
    "handle",
    "pointer",
    "pointer",
    "pointer",
    "pointer",
    "pointer",
    "u16",
    "pointer",
    "pointer",
    "u32",
    "u32",
  ],
  Icmp6ParseReplies: ["u32", "pointer", "u32"],
});
/** https://learn.microsoft.com/windows/win32/api/synchapi, …/handleapi */
const kernel = library("kernel32.dll", {
  CreateEventW: ["handle", "pointer", "status", "status", "pointer"],
  WaitForSingleObject: ["u32", "handle", "u32"],
  CloseHandle: ["status", "handle"],
});
/** INVALID_HANDLE_VALUE. */
const noHandle = 0xffff_ffff_ffff_ffffn;

export async function echo(question: EchoQuestion): Promise<EchoAnswer | EchoNotSent> {
  const handle = question.target.family === "ipv4" ? icmp().IcmpCreateFile() : icmp6().Icmp6CreateFile();
  if (handle === 0n || handle === noHandle) return notSent(lastError(), "IcmpCreateFile");
  try {
    return await askAll(handle, question);
  } finally {
    icmp().IcmpCloseHandle(handle);
  }
}

async function askAll(handle: bigint, question: EchoQuestion): Promise<EchoAnswer | EchoNotSent> {
  const roundTripsMs: number[] = [];
  let [sentCount, isReportedUnreachable] = [0, false];
  for (; sentCount < question.count && !question.signal.aborted; sentCount++) {
    if (sentCount > 0) await pause(question.intervalMs);
    const one = await askOnce(handle, question);
    if ("notSent" in one) return one;
    if (one.status === status.success) roundTripsMs.push(one.tripMs);
    else if (unreachable.includes(one.status)) isReportedUnreachable = true;
  }
  return { sentCount, roundTripsMs, isReportedUnreachable };
}

async function askOnce(handle: bigint, { target, timeoutMs }: EchoQuestion): Promise<{ status: number; tripMs: number } | EchoNotSent> {
  const event = kernel().CreateEventW(null, 1, 0, null);
  if (event === 0n) return notSent(lastError(), "CreateEvent");
  const answer = new Uint8Array(replyBytes);
  try {
    const code = send(handle, event, target, answer, timeoutMs);
    if (code !== 0 && code !== pending) {
      if (unreachable.includes(code)) return { status: code, tripMs: 0 };
      return notSent(code, "IcmpSendEcho2");
    }
    for (let look = 0; kernel().WaitForSingleObject(event, 0) !== 0; look++) await pause(pausesMs[look] ?? pausesMs.at(-1)!);
    return readReply(target.family, answer);
  } finally {
    kernel().CloseHandle(event);
  }
}

/** @returns what GetLastError says. */
function send(handle: bigint, event: bigint, target: NetworkAddress, answer: Uint8Array, timeoutMs: number): number {
  const address = socketAddress(target, layout, Number(target.address.split("%")[1] ?? 0) || 0);
  const count =
    target.family === "ipv4"
      ? icmp().IcmpSendEcho2(
          handle,
          event,
          null,
          null,
          new DataView(address.buffer).getUint32(4, true),
          mark,
          mark.length,
          null,
          answer,
          answer.length,
          timeoutMs,
        )
      : icmp6().Icmp6SendEcho2(
          handle,
          event,
          null,
          null,
          new Uint8Array(socketAddress({ address: "::", family: "ipv6" }, layout)),
          address,
          mark,
          mark.length,
          null,
          answer,
          answer.length,
          timeoutMs,
        );
  return count > 0 ? 0 : lastError();
}

/** A reply as the system wrote it. The system counts whole milliseconds: less than one shows as half of one. */
export function parseReply(family: NetworkAddress["family"], answer: Uint8Array): { status: number; tripMs: number } {
  const view = new DataView(answer.buffer, answer.byteOffset, answer.byteLength);
  const places = reply[family];
  return { status: view.getUint32(places.status, true), tripMs: view.getUint32(places.tripMs, true) || 0.5 };
}

function readReply(family: NetworkAddress["family"], answer: Uint8Array): { status: number; tripMs: number } {
  const count = family === "ipv4" ? icmp().IcmpParseReplies(answer, answer.length) : icmp6().Icmp6ParseReplies(answer, answer.length);
  if (count > 0) return parseReply(family, answer);
  return { status: lastError() || status.generalFailure, tripMs: 0 };
}

function notSent(code: number, call: string): EchoNotSent {
  const reason = noRoute.includes(code) ? "no-route" : notPermitted.includes(code) ? "not-permitted" : "unsupported";
  return { notSent: reason, detail: `${call}: error ${code}` };
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
