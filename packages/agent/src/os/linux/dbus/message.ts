/** D-Bus messages (specification 0.43, "Message Protocol"). */
import { DbusReader } from "./reader.ts";
import { DbusFormatError } from "./signature.ts";
import { DbusWriter, Variant } from "./writer.ts";

export const messageTypes = { call: 1, reply: 2, error: 3, signal: 4 } as const;

/** Fields of the header that we use, by their code. */
const fieldNames = {
  1: "path",
  2: "interfaceName",
  3: "member",
  4: "errorName",
  5: "replySerial",
  6: "destination",
  7: "sender",
  8: "signature",
} as const;
const fieldTypes = { path: "o", interfaceName: "s", member: "s", destination: "s", signature: "g" } as const;

/** Larger messages are refused; the largest that systemd sends (ListUnits) have some hundred kilobytes. */
const messageLimitBytes = 16 * 1024 * 1024;
const fixedHeaderBytes = 16;

export interface DbusMessage {
  readonly type: number;
  readonly serial: number;
  readonly path?: string;
  readonly interfaceName?: string;
  readonly member?: string;
  readonly errorName?: string;
  readonly replySerial?: number;
  readonly destination?: string;
  readonly sender?: string;
  readonly body: unknown[];
}

export interface DbusCall {
  readonly serial: number;
  readonly destination: string;
  readonly path: string;
  readonly interfaceName: string;
  readonly member: string;
  readonly signature?: string;
  readonly values?: readonly unknown[];
}

export function encodeCall(call: DbusCall): Uint8Array {
  const body = new DbusWriter();
  body.writeAll(call.signature ?? "", call.values ?? []);
  const header = new DbusWriter();
  const fields = Object.entries(fieldNames).flatMap(([code, name]) => {
    const value = name in fieldTypes ? call[name as keyof typeof fieldTypes] : undefined;
    return value ? [[Number(code), new Variant(fieldTypes[name as keyof typeof fieldTypes], value)]] : [];
  });
  header.writeAll("yyyyuua(yv)", ["l".charCodeAt(0), messageTypes.call, 0, 1, body.length, call.serial, fields]);
  header.align(8);
  return Buffer.concat([header.finish(), body.finish()]);
}

/** Length of the message that begins the bytes; undefined while too few are there to tell. Throws DbusFormatError. */
export function messageLength(bytes: Uint8Array): number | undefined {
  if (bytes.length < fixedHeaderBytes) return undefined;
  const order = String.fromCharCode(bytes[0]!);
  if ((order !== "l" && order !== "B") || bytes[3] !== 1) throw new DbusFormatError("not a message of D-Bus version 1");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fieldBytes = view.getUint32(12, order === "l");
  const length = fixedHeaderBytes + Math.ceil(fieldBytes / 8) * 8 + view.getUint32(4, order === "l");
  if (length > messageLimitBytes) throw new DbusFormatError(`message of ${length} bytes is too large`);
  return length;
}

/** @param bytes exactly one message. Throws DbusFormatError. */
export function decodeMessage(bytes: Uint8Array): DbusMessage {
  const reader = new DbusReader(bytes, bytes[0] === "l".charCodeAt(0));
  const [, type, , , , serial, fields] = reader.readAll("yyyyuua(yv)") as [
    number,
    number,
    number,
    number,
    number,
    number,
    [number, unknown][],
  ];
  reader.align(8);
  const known: Record<string, unknown> = {};
  for (const [code, value] of fields) {
    const name = fieldNames[code as keyof typeof fieldNames];
    if (name) known[name] = value;
  }
  const { signature = "", ...rest } = known as { signature?: string };
  return { ...rest, type, serial, body: reader.readAll(signature) };
}
