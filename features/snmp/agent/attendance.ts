/**
 * Remembers what a device has named, over restarts of the agent: an answer that leaves parts out is no all-clear for them. A card may
 * answer before what it stands for does, and the ports of a switch of several leave the table when one dies. Pure: what is remembered
 * goes in and comes out.
 */
import { keptRows, keptText, moment } from "@hauswart/agent/readers/kept-rows.ts";
import type { SelectionOf } from "@hauswart/protocol/check.ts";
import type { snmp } from "../protocol.ts";
import type { Sample } from "./device.ts";
import { interfaceLimit } from "./interfaces.ts";

/** What the device named, and on which day last: days since 1970, so that what is kept changes once a day. */
export interface RememberedParts {
  /** Who named it: another target or another kind of device begins anew. */
  readonly target: string;
  readonly description: string;
  readonly interfaces: Readonly<Record<string, { readonly alias: string; readonly day: number | null }>>;
  readonly supplies: Readonly<Record<string, { readonly day: number | null }>>;
  readonly printerDay: number | null;
  readonly powerSupplyDay: number | null;
}

const dayMs = 86_400_000;
/** What was taken away on purpose is not missed for longer. */
const forgetAfterDays = 30;
const rememberedLimit = 500;
/** A list in a sample holds 500, of which a device names up to 300. */
const goneLimit = 200;

/** What the host kept over a restart; anything that is not what was put there counts as nothing. */
export function rememberedFrom(kept: unknown): RememberedParts {
  const { target, description, interfaces, supplies, printerDay, powerSupplyDay } = (
    typeof kept === "object" && kept !== null ? kept : {}
  ) as Readonly<Record<string, unknown>>;
  return {
    target: keptText(target),
    description: keptText(description),
    interfaces: keptRows(interfaces, ({ alias, day }) => ({ alias: keptText(alias), day: moment(day) })),
    supplies: keptRows(supplies, ({ day }) => ({ day: moment(day) })),
    printerDay: moment(printerDay),
    powerSupplyDay: moment(powerSupplyDay),
  };
}

const nothing = rememberedFrom(undefined);

export interface Attendance {
  readonly sample: Sample;
  readonly remembered: RememberedParts;
}

/** @param sample of a device that answered */
export function takeAttendance(
  sample: Sample,
  selection: Pick<SelectionOf<typeof snmp>, "interfaces" | "printer" | "ups">,
  before: RememberedParts,
  nowMs: number,
): Attendance {
  const today = Math.floor(nowMs / dayMs);
  const isAnother = before.target !== sample.target || (sample.description !== "" && before.description !== sample.description);
  const known = isAnother ? nothing : before;
  const isRecent = (day: number | null) => day !== null && Math.abs(today - day) <= forgetAfterDays;
  const stillKnown = <Row extends { readonly day: number | null }>(rows: Readonly<Record<string, Row>>) =>
    Object.fromEntries(Object.entries(rows).filter(([, { day }]) => isRecent(day)));
  const interfaces = selection.interfaces ? stillKnown(known.interfaces) : {};
  const supplies = selection.printer ? stillKnown(known.supplies) : {};
  const wasPrinter = selection.printer && isRecent(known.printerDay);
  const wasPowerSupply = selection.ups && isRecent(known.powerSupplyDay);
  // A cartridge that was changed may have another name: gone is one only where all are.
  const suppliesNow = sample.supplies.length > 0 ? named(sample.supplies, () => ({ day: today })) : supplies;
  return {
    sample: {
      ...sample,
      goneInterfaces: goneFrom(sample, interfaces),
      ...(sample.supplies.length === 0 && {
        supplies: Object.keys(supplies).map((name) => ({ name, state: "unknown" as const, levelPercent: null })),
      }),
      ...(!sample.isPrinter && wasPrinter && { isPrinter: true, printerProblems: "not-told" }),
      ...(!sample.isUps && wasPowerSupply && { isUps: true, upsBattery: "unknown" as const, upsSource: "other" as const }),
    },
    remembered: {
      target: sample.target,
      description: sample.description || known.description,
      // Those known longest stay, so that what comes and goes does not push them out.
      interfaces: limited({ ...interfaces, ...named(sample.interfaces, ({ alias }) => ({ alias, day: today })) }),
      supplies: limited(suppliesNow),
      printerDay: sample.isPrinter ? today : wasPrinter ? known.printerDay : null,
      powerSupplyDay: sample.isUps ? today : wasPowerSupply ? known.powerSupplyDay : null,
    },
  };
}

const named = <Row extends { readonly name: string }, Kept>(rows: readonly Row[], keep: (row: Row) => Kept): Record<string, Kept> =>
  Object.fromEntries(rows.map((row) => [row.name, keep(row)]));

const limited = <Row>(rows: Readonly<Record<string, Row>>): Record<string, Row> =>
  Object.fromEntries(Object.entries(rows).slice(0, rememberedLimit));

/** Interfaces that the device named before. Not present is one only by a table that is there and was read to its end. */
function goneFrom({ interfaces }: Sample, known: RememberedParts["interfaces"]): NonNullable<Sample["goneInterfaces"]> {
  const here = new Set(interfaces.map(({ name }) => name));
  const isWhole = interfaces.length > 0 && interfaces.length < interfaceLimit;
  return Object.entries(known)
    .filter(([name]) => !here.has(name))
    .slice(0, goneLimit)
    .map(([name, { alias }]) => ({ name, alias, state: isWhole ? ("not-present" as const) : ("unknown" as const) }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}
