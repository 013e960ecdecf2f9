/** Network interfaces: IF-MIB (RFC 2863), its 64-bit counters where the device has them. */
import { clip, subjectLimit, textLimit } from "@hauswart/agent/readers/clip.ts";
import type { SnmpSession, SnmpValue } from "@hauswart/agent/readers/network.ts";
import { numberOf, textOf, type Sample } from "./device.ts";

type Row = Sample["interfaces"][number];

/** A switch of several hundred ports is told of in part. */
export const interfaceLimit = 300;

const table = "1.3.6.1.2.1.2.2.1";
const extended = "1.3.6.1.2.1.31.1.1.1";
const columns = {
  description: `${table}.2`,
  speed: `${table}.5`,
  wanted: `${table}.7`,
  state: `${table}.8`,
  in32: `${table}.10`,
  inErrors: `${table}.14`,
  out32: `${table}.16`,
  outErrors: `${table}.20`,
  name: `${extended}.1`,
  in64: `${extended}.6`,
  out64: `${extended}.10`,
  megabits: `${extended}.15`,
  alias: `${extended}.18`,
} as const;
type Column = keyof typeof columns;

const wantedStates: readonly Row["wanted"][] = ["unknown", "up", "down", "testing"];
const states: readonly Row["state"][] = ["unknown", "up", "down", "testing", "unknown", "dormant", "not-present", "lower-layer-down"];

/** One interface as it was read. */
export interface Interface {
  readonly index: string;
  readonly row: Omit<Row, "inBitsPerSecond" | "outBitsPerSecond" | "errorsPerMinute">;
  /** What is counted, by name: in, out, inErrors, outErrors. */
  readonly counters: ReadonlyMap<string, SnmpValue>;
}

export async function readInterfaces(session: SnmpSession): Promise<Interface[]> {
  const read = new Map<Column, Map<string, SnmpValue>>();
  for (const [column, oid] of Object.entries(columns) as [Column, string][]) {
    const rows = await session.walk(oid, interfaceLimit);
    read.set(column, new Map(rows.map((row) => [row.oid.slice(oid.length + 1), row.value])));
    if (column === "description" && rows.length === 0) return [];
  }
  const at = (column: Column, index: string) => read.get(column)!.get(index);
  const indexes = [...read.get("description")!.keys()];
  const names = namesOf(indexes.map((index) => [index, textOf(at("name", index)) || textOf(at("description", index)) || index]));
  return indexes
    .map((index): Interface => {
      const counters = { in: at("in64", index) ?? at("in32", index), out: at("out64", index) ?? at("out32", index) };
      const counted = { ...counters, inErrors: at("inErrors", index), outErrors: at("outErrors", index) };
      return {
        index,
        row: {
          name: names.get(index)!,
          alias: clip(textOf(at("alias", index)), textLimit),
          wanted: wantedStates[numberOf(at("wanted", index)) ?? 0] ?? "unknown",
          state: states[numberOf(at("state", index)) ?? 0] ?? "unknown",
          megabitCount: Math.max(0, numberOf(at("megabits", index)) || Math.round((numberOf(at("speed", index)) ?? 0) / 1e6)),
        },
        counters: new Map(Object.entries(counted).flatMap(([name, value]) => (value ? [[name, value] as const] : []))),
      };
    })
    .sort((one, other) => (one.row.name < other.row.name ? -1 : 1));
}

/** Two interfaces of one name are told apart by their numbers. */
function namesOf(interfaces: readonly (readonly [index: string, name: string])[]): Map<string, string> {
  const counts = new Map<string, number>();
  for (const [, name] of interfaces) counts.set(name, (counts.get(name) ?? 0) + 1);
  return new Map(interfaces.map(([index, name]) => [index, clip(counts.get(name)! > 1 ? `${name} (${index})` : name, subjectLimit)]));
}
