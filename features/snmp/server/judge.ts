/** How what a device says is judged; README.md says it in words. Exactly on a threshold is in order. */
import type { CheckState, CodeOf, Evidence, Judge, JudgementOf, SampleOf, Verdict } from "@hauswart/protocol/check.ts";
import { fitsPattern } from "@hauswart/protocol/name-pattern.ts";
import type { snmp } from "../protocol.ts";
import { isBeyond, parseLimit, type Limit } from "../protocol/limits.ts";

type Sample = SampleOf<typeof snmp>;
type Settings = JudgementOf<typeof snmp>;
type SnmpVerdict = Verdict<CodeOf<typeof snmp>>;
type Say = (code: SnmpVerdict["code"], subject: string, state: CheckState, more?: Evidence) => SnmpVerdict;

export const judge: Judge<typeof snmp> = ({ sample, settings }) => {
  const { target, address, outcome, problem, deviceName } = sample;
  const evidence: Evidence = { target, address, outcome, problem, deviceName };
  const say: Say = (code, subject, state, more = {}) => ({ code, subject, state, evidence: { ...evidence, ...more } });
  const isUntold = sample.printerProblems === "not-told" && settings.printerProblems;
  return [
    // Who does not answer names none of its parts: a power supply whose battery is empty is not well again.
    outcome === "answered"
      ? { ...say("not-answering", "", "ok"), hides: isUntold ? ["printer-problem"] : [] }
      : { ...say("not-answering", "", "failure"), hides: "all" },
    ...valueVerdicts(sample, settings, say),
    ...sample.interfaces.flatMap((row) => interfaceVerdicts(row, settings, say)),
    ...(outcome === "answered" ? absentInterfaces(sample, settings, say) : []),
    ...sample.supplies.map((supply) => supplyVerdict(supply, settings, say)),
    ...(sample.isPrinter && settings.printerProblems && !isUntold
      ? [say("printer-problem", "", sample.printerProblems === "" ? "ok" : "warning", { printerProblems: sample.printerProblems })]
      : []),
    ...(sample.isUps ? powerVerdicts(sample, settings, say) : []),
  ];
};

const worse = (one: CheckState, other: CheckState): CheckState => {
  const order: readonly CheckState[] = ["ok", "unknown", "warning", "failure"];
  return order.indexOf(one) >= order.indexOf(other) ? one : other;
};

/** Each value by the worst of its limits. A value that is not there is not known. */
function valueVerdicts({ values }: Sample, { limits }: Settings, say: Say): SnmpVerdict[] {
  const read = limits.flatMap((line) => parseLimit(line) ?? []);
  const names = new Set(values.map(({ name }) => name));
  const idle = [...new Set(limits.map((line) => parseLimit(line)?.name ?? line))].filter((name) => !names.has(name));
  const none = { value: null, perSecond: null, text: "", oid: "", limit: "" };
  const judged = values.map((row) => {
    const own = read.filter(({ name }) => name === row.name);
    const state = row.problem !== "" ? "unknown" : own.map((limit) => limitState(limit, row)).reduce(worse, "ok");
    const { value, perSecond, text, oid, problem: valueProblem } = row;
    const crossed = own.filter((limit) => limitState(limit, row) === state && state !== "ok");
    return say("value", row.name, state, {
      value,
      perSecond,
      text,
      oid,
      valueProblem,
      limit: crossed.map(({ comparison, against, isRate }) => `${isRate ? "/s " : ""}${comparison} ${against}`).join(", "),
    });
  });
  // A limit that is misspelt must not look like one that is kept.
  return [...judged, ...idle.map((name) => say("value", name, "unknown", { ...none, valueProblem: "the limit fits no value" }))];
}

function limitState(limit: Limit, { value, perSecond, text }: Sample["values"][number]): CheckState {
  const found = limit.isRate ? perSecond : (value ?? text);
  // A rate needs two measurements.
  if (found === null) return "unknown";
  const beyond = isBeyond(limit, found);
  return beyond === undefined ? "unknown" : beyond ? limit.severity : "ok";
}

const isMeant = (pattern: string, { name, alias }: { readonly name: string; readonly alias: string }) =>
  fitsPattern(pattern, name) || (alias !== "" && fitsPattern(pattern, alias));

/** Of an interface that must be up. */
const workingStates: Readonly<Record<Sample["interfaces"][number]["state"], CheckState>> = {
  up: "ok",
  dormant: "ok",
  unknown: "unknown",
  down: "failure",
  testing: "failure",
  "not-present": "failure",
  "lower-layer-down": "failure",
};

/** Interfaces that must be up and are not named: those that were before, and those that nobody ever saw by that name. */
function absentInterfaces(
  { interfaces, goneInterfaces = [] }: Sample,
  { interfacesUp, errorsPerMinuteAbove }: Settings,
  say: Say,
): SnmpVerdict[] {
  const gone = goneInterfaces.filter((row) => interfacesUp.some((pattern) => isMeant(pattern, row)));
  const idle = interfacesUp.filter((pattern) => ![...interfaces, ...goneInterfaces].some((row) => isMeant(pattern, row)));
  return [
    ...gone.map(({ name, alias, state }) => say("interface-down", name, workingStates[state], { alias, interfaceState: state })),
    ...(interfaces.length === 0 && errorsPerMinuteAbove > 0
      ? goneInterfaces.map(({ name, alias, state }) => say("interface-errors", name, "unknown", { alias, interfaceState: state }))
      : []),
    // A name that is misspelt must not look like an interface that is up.
    ...[...new Set(idle)].map((pattern) => say("interface-down", pattern, "unknown", { interfaceState: "fits-none" })),
  ];
}

function interfaceVerdicts(row: Sample["interfaces"][number], settings: Settings, say: Say): SnmpVerdict[] {
  const { name, alias, wanted, state, megabitCount, errorsPerMinute } = row;
  const evidence: Evidence = { alias, wanted, interfaceState: state, megabitCount, errorsPerMinute, inBitsPerSecond: row.inBitsPerSecond };
  const mustBeUp = settings.interfacesUp.some((pattern) => isMeant(pattern, row));
  const limit = settings.errorsPerMinuteAbove;
  const down = say("interface-down", name, mustBeUp ? workingStates[state] : "ok", evidence);
  if (limit === 0) return [down];
  // Errors are a rate: at first, and where the device does not count them, there is nothing to judge.
  if (errorsPerMinute === null) return [{ ...down, hides: ["interface-errors"] }];
  return [down, say("interface-errors", name, errorsPerMinute > limit ? "warning" : "ok", { ...evidence, errorsPerMinuteAbove: limit })];
}

function supplyVerdict({ name, state, levelPercent }: Sample["supplies"][number], settings: Settings, say: Say): SnmpVerdict {
  const { supplyWarningPercent, supplyFailurePercent } = settings;
  const judged =
    levelPercent === null
      ? // "Some is left" is all that some printers know of a supply that is well.
        state === "some-left"
        ? "ok"
        : "unknown"
      : levelPercent < supplyFailurePercent
        ? "failure"
        : levelPercent < supplyWarningPercent
          ? "warning"
          : "ok";
  return say("supply", name, judged, { supplyState: state, levelPercent, supplyWarningPercent });
}

function powerVerdicts(sample: Sample, settings: Settings, say: Say): SnmpVerdict[] {
  const { upsBattery, upsSource, upsChargePercent, upsRemainingSeconds, upsLoadPercent, upsOnBatterySeconds, upsAlarmCount } = sample;
  const evidence: Evidence = {
    upsBattery,
    upsSource,
    upsChargePercent,
    upsRemainingSeconds,
    upsLoadPercent,
    upsOnBatterySeconds,
    upsAlarmCount,
  };
  const isWeak =
    upsBattery === "low" ||
    upsBattery === "depleted" ||
    (upsChargePercent !== null && upsChargePercent < settings.chargeFailurePercent) ||
    (upsRemainingSeconds !== null && upsRemainingSeconds < settings.remainingFailureMinutes * 60);
  const isKnown = upsBattery !== "unknown" || upsChargePercent !== null || upsRemainingSeconds !== null;
  return [
    // other: it does not tell, or none of those that the standard knows.
    say("on-battery", "", upsSource === "battery" ? "warning" : upsSource === "other" ? "unknown" : "ok", evidence),
    { ...say("battery", "", isWeak ? "failure" : isKnown ? "ok" : "unknown", evidence), hides: ["load"] },
    ...(upsLoadPercent === null ? [] : [say("load", "", upsLoadPercent > settings.loadWarningPercent ? "warning" : "ok", evidence)]),
  ];
}
