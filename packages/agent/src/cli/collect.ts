/**
 * `hauswart-agent collect`: measures once and shows everything that would be sent. What the server has configured, or, on a
 * computer that is not enrolled, every check that is on by default. Changes nothing on the computer.
 */
import type { AnyCheck } from "@hauswart/protocol/check.ts";
import type { CheckInstance, Sample, SignedInPerson } from "@hauswart/protocol/wire/messages.ts";
import { realClock } from "../clock.ts";
import type { Collector, Memory } from "../collector.ts";
import { createLog } from "../log.ts";
import { measure, type Outcome } from "../schedule/measure.ts";
import { readConfiguration } from "../state/configuration.ts";
import { readEnrolment } from "../state/enrolment.ts";
import { openKept } from "../state/kept.ts";
import { agentVersion } from "../version.ts";
import type { CommandContext } from "./cli.ts";
import { UsageError } from "./options.ts";
import { table } from "./table.ts";

export type Wanted = Pick<CheckInstance, "check" | "instance" | "selection" | "selectionVersion">;
type Collected = Wanted & Pick<Sample, "at" | "tookMs"> & Outcome;

export async function collectCommand(context: CommandContext): Promise<number> {
  const wanted = await wantedInstances(context);
  if (context.line.flags["costs"]) await (await import("./costs.ts")).tellCosts(context, wanted);
  else await tellSamples(context, wanted);
  // Collectors may hold connections open.
  setTimeout(() => process.exit(0), 0).unref();
  return 0;
}

async function tellSamples(context: CommandContext, wanted: readonly Wanted[]): Promise<void> {
  const { line, system, print } = context;
  const samples: Collected[] = [];
  for (const one of wanted) samples.push(await collectOne(context, one));
  const signedIn = line.text["check"] === undefined ? await whoIsSignedIn(system) : undefined;
  if (line.flags["json"]) print(JSON.stringify({ computer: { ...(await system.describe()), agentVersion }, samples, signedIn }, null, 2));
  else print([...samples.map(render), ...(signedIn ? [renderSignedIn(signedIn)] : [])].join("\n\n"));
}

/** Sent only to a server that asks; null where it cannot be told. */
async function whoIsSignedIn(system: CommandContext["system"]): Promise<{ people: readonly SignedInPerson[] | null }> {
  const reads = system.loadSignedIn().then((signedIn) => signedIn.read());
  return { people: await reads.catch(() => null) };
}

function renderSignedIn({ people }: { people: readonly SignedInPerson[] | null }): string {
  const title = "signed in, told to a server that asks for it";
  if (people === null) return `${title}\n  not known on this computer`;
  return people.length === 0 ? `${title}\n  nobody` : `${title}\n${renderValue({ people }, "  ")}`;
}

async function wantedInstances({ line, data, loadChecks, collectors }: CommandContext): Promise<Wanted[]> {
  const only = line.text["check"];
  if (only !== undefined && !collectors.some(({ check }) => check === only)) {
    throw new UsageError(
      `There is no check "${only}". There are: ${collectors
        .map(({ check }) => check)
        .sort()
        .join(", ")}.`,
    );
  }
  const log = createLog(() => {});
  const deviceId = readEnrolment(data)?.deviceId;
  const configured = deviceId === undefined ? undefined : readConfiguration(data, deviceId, log);
  const instances = (configured?.checks ?? []).filter(({ check }) => only === undefined || check === only);
  if (instances.length > 0) return instances;
  const byDefault = (await loadChecks()).filter(({ id, onByDefault }) => (only === undefined ? onByDefault : id === only));
  return byDefault.map((check) => ({ check: check.id, instance: "", selection: defaultsOf(check), selectionVersion: 0 }));
}

function defaultsOf(check: AnyCheck): Record<string, unknown> {
  return (check.selection as { parse(value: unknown): Record<string, unknown> }).parse({});
}

async function collectOne({ collectors, system, data }: CommandContext, wanted: Wanted): Promise<Collected> {
  const at = Date.now();
  const collector = collectors.find(({ check }) => check === wanted.check);
  if (!collector)
    return { ...wanted, at, tookMs: 0, failed: "COLLECT_UNSUPPORTED", detail: "this version of the agent does not know the check" };
  const kept = openKept(
    data,
    createLog(() => {}),
  ).read(wanted); // read, and never saved
  const { outcome, tookMs } = await measureOnce(collector, { values: new Map(), kept }, system, wanted);
  return { ...wanted, at, tookMs, ...outcome };
}

/** Measures as the service does, and changes nothing on the computer. */
export function measureOnce(collector: Collector, memory: Memory, system: CommandContext["system"], { selection, instance }: Wanted) {
  return measure(
    collector,
    { system: system.name, os: system.os, selection: selection as never, instance, onlyLook: true, now: Date.now },
    memory,
    realClock,
  );
}

function render({ check, instance, tookMs, ok, noData, failed, detail }: Collected): string {
  const title = `${check}${instance ? ` (${instance})` : ""}, took ${tookMs} ms`;
  if (failed) return `${title}\n  ${failed}: ${detail ?? ""}`;
  if (noData !== undefined) return `${title}\n  nothing to measure: ${noData}`;
  return `${title}\n${renderValue(ok, "  ")}`;
}

/** Values for reading: a line each, lists of rows as tables. */
function renderValue(value: unknown, indent: string): string {
  if (typeof value !== "object" || value === null) return `${indent}${cell(value)}`;
  return Object.entries(value)
    .map(([name, inner]) => {
      if (Array.isArray(inner) && inner.length > 0 && inner.every((row) => typeof row === "object" && row !== null)) {
        const columns = [...new Set(inner.flatMap((row: object) => Object.keys(row)))];
        const rows = inner.map((row: Record<string, unknown>) => columns.map((column) => cell(row[column])));
        return `${indent}${name}:\n${table([columns, ...rows]).replace(/^/gm, `${indent}  `)}`;
      }
      return `${indent}${name}: ${cell(inner)}`;
    })
    .join("\n");
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return "-";
  return typeof value === "string" ? value : JSON.stringify(value);
}
