/** Printers: Printer-MIB (RFC 3805) and the printer part of HOST-RESOURCES-MIB (RFC 2790). */
import { clip, subjectLimit } from "@hauswart/agent/readers/clip.ts";
import type { SnmpSession, SnmpValue } from "@hauswart/agent/readers/network.ts";
import { numberOf, textOf, type Sample } from "./device.ts";

const supplyTable = "1.3.6.1.2.1.43.11.1.1";
const supplyColumns = { description: `${supplyTable}.6`, capacity: `${supplyTable}.8`, level: `${supplyTable}.9` } as const;
/** hrPrinterDetectedErrorState. */
const problemColumn = "1.3.6.1.2.1.25.3.5.1.2";
const supplyLimit = 100;
/** prtMarkerSuppliesLevel: the printer knows only that some is left. */
const someLeft = -3;

/** Bits of hrPrinterDetectedErrorState, the highest of the first byte first; RFC 3805 names those of the second. */
const problems = [
  "low-paper",
  "no-paper",
  "low-toner",
  "no-toner",
  "door-open",
  "jammed",
  "offline",
  "service-requested",
  "input-tray-missing",
  "output-tray-missing",
  "supply-missing",
  "output-nearly-full",
  "output-full",
  "input-tray-empty",
  "maintenance-overdue",
] as const;

export type PrinterPart = Pick<Sample, "supplies" | "printerProblems" | "isPrinter">;

export async function readPrinter(session: SnmpSession): Promise<PrinterPart> {
  const read = async (oid: string) =>
    new Map((await session.walk(oid, supplyLimit)).map((row) => [row.oid.slice(oid.length + 1), row.value]));
  const levels = await read(supplyColumns.level);
  const states = [...(await read(problemColumn)).values()];
  if (levels.size === 0 && states.length === 0) return { supplies: [], printerProblems: "", isPrinter: false };
  if (levels.size === 0) return { supplies: [], printerProblems: problemsOf(states), isPrinter: true };
  const descriptions = await read(supplyColumns.description);
  const capacities = await read(supplyColumns.capacity);
  const supplies = [...levels].map(([index, level]) =>
    supplyOf(textOf(descriptions.get(index)) || index, numberOf(level), numberOf(capacities.get(index))),
  );
  return { supplies: distinct(supplies), printerProblems: problemsOf(states), isPrinter: true };
}

/** A level of a supply is what is left; of a box that is filled, the room that is left (RFC 3805, prtMarkerSuppliesLevel). */
export function supplyOf(name: string, level: number | null, capacity: number | null): Sample["supplies"][number] {
  const about = { name: clip(name, subjectLimit), levelPercent: null } as const;
  if (level === someLeft) return { ...about, state: "some-left" };
  if (level === null || level < 0 || capacity === null || capacity <= 0) return { ...about, state: "unknown" };
  return { ...about, state: "measured", levelPercent: Math.min(100, Math.round((level / capacity) * 1_000) / 10) };
}

/** Sorted; of several of one name each gets a number. */
function distinct(supplies: readonly Sample["supplies"][number][]): Sample["supplies"] {
  const seen = new Map<string, number>();
  return supplies
    .map((supply) => {
      const count = (seen.get(supply.name) ?? 0) + 1;
      seen.set(supply.name, count);
      return count === 1 ? supply : { ...supply, name: clip(`${supply.name} (${count})`, subjectLimit) };
    })
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** What printers say is wrong, as words; `not-told` where none says anything. */
export function problemsOf(states: readonly SnmpValue[]): string {
  if (!states.some(({ kind }) => kind === "bytes")) return "not-told";
  const found = new Set(
    states.flatMap((state) => {
      if (state.kind !== "bytes") return [];
      return problems.filter((_, bit) => (((state.value[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) === 1);
    }),
  );
  return problems.filter((problem) => found.has(problem)).join(", ");
}
