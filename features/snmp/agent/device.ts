/** Who the device says it is, and the values that the settings name. */
import { clip, subjectLimit, textLimit } from "@hauswart/agent/readers/clip.ts";
import type { SnmpSession, SnmpValue } from "@hauswart/agent/readers/network.ts";
import type { SampleOf } from "@hauswart/protocol/check.ts";
import type { snmp } from "../protocol.ts";
import { parseValueLine } from "../protocol/limits.ts";

export type Sample = SampleOf<typeof snmp>;

/** SNMPv2-MIB (RFC 3418): sysDescr, sysUpTime, sysName, sysLocation. */
const system = ["1.3.6.1.2.1.1.1.0", "1.3.6.1.2.1.1.3.0", "1.3.6.1.2.1.1.5.0", "1.3.6.1.2.1.1.6.0"] as const;

export interface DeviceWords {
  readonly description: string;
  readonly upTicks: number | null;
  readonly deviceName: string;
  readonly place: string;
}

/** Text of an answer; bytes that are no text are written in hexadecimal. */
export function textOf(value: SnmpValue | undefined): string {
  if (!value) return "";
  if (value.kind !== "bytes") return String(value.value);
  const text = new TextDecoder().decode(value.value).replace(/\0+$/, "");
  return /[\u0000-\u0008\u000e-\u001f\ufffd]/.test(text) ? Buffer.from(value.value).toString("hex") : text.trim();
}

/** The number of an answer; null for what is none. */
export function numberOf(value: SnmpValue | undefined): number | null {
  if (!value || value.kind === "bytes" || value.kind === "oid" || value.kind === "address") return null;
  const number = value.kind === "ticks" ? value.value / 100 : Number(value.value);
  return Number.isFinite(number) ? number : null;
}

export async function readDevice(session: SnmpSession): Promise<DeviceWords> {
  const [description, up, name, place] = await session.get(system);
  return {
    description: clip(textOf(description), textLimit),
    upTicks: up?.kind === "ticks" ? up.value : null,
    deviceName: clip(textOf(name), textLimit),
    place: clip(textOf(place), textLimit),
  };
}

export interface NamedValue {
  readonly name: string;
  readonly oid: string;
  readonly value: SnmpValue | undefined;
}

/** What the settings name, by name; lines that cannot be read are left to `problemLines`. */
export async function readValues(session: SnmpSession, lines: readonly string[]): Promise<NamedValue[]> {
  const wanted = [
    ...new Map(lines.flatMap((line) => parseValueLine(line) ?? []).map((one) => [clip(one.name, subjectLimit), one])).entries(),
  ]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, { oid }]) => ({ name, oid }));
  const values = wanted.length === 0 ? [] : await session.get(wanted.map(({ oid }) => oid));
  return wanted.map((one, index) => ({ ...one, value: values[index] }));
}

/** Lines that name no value. */
export const problemLines = (lines: readonly string[]): string[] => lines.filter((line) => parseValueLine(line) === undefined);

export function valueRow({ name, oid, value }: NamedValue, perSecond: number | null): Sample["values"][number] {
  const number = numberOf(value);
  return {
    name,
    oid: clip(oid, textLimit),
    text: number === null ? clip(textOf(value), textLimit) : "",
    problem: value ? "" : "the device has no such value",
    value: number,
    perSecond,
  };
}
