/**
 * `hauswart-agent collect --costs`: what each check costs this computer. Each is measured several times, one after the other, so
 * that the processor time in between is its own. What it does between measurements (watching) is not in it.
 */
import type { Collector, Memory } from "../collector.ts";
import { sampleJson } from "../schedule/measure.ts";
import type { CommandContext } from "./cli.ts";
import { measureOnce, type Wanted } from "./collect.ts";
import { table } from "./table.ts";

/** Of each check; the first is not counted, because it loads what the others find there. */
const rounds = 6;

/** Of one measurement. What programs take that it runs (patch-status) is not in it. */
interface Cost {
  readonly check: string;
  readonly instance: string;
  readonly processorMs: number;
  readonly tookMs: number;
  readonly sampleBytes: number;
}

export async function tellCosts(context: CommandContext, wanted: readonly Wanted[]): Promise<void> {
  const costs: Cost[] = [];
  for (const one of wanted) {
    const collector = context.collectors.find(({ check }) => check === one.check);
    if (collector) costs.push(await costOf(context, collector, one));
  }
  costs.sort((one, other) => other.processorMs - one.processorMs);
  if (context.line.flags["json"]) return context.print(JSON.stringify(costs, null, 2));
  const rows = costs.map(({ check, instance, processorMs, tookMs, sampleBytes }) => [
    instance ? `${check} (${instance})` : check,
    processorMs.toFixed(1),
    tookMs.toFixed(1),
    String(sampleBytes),
  ]);
  context.print(table([["check", "processor ms", "took ms", "bytes"], ...rows]));
}

async function costOf({ system }: CommandContext, collector: Collector, wanted: Wanted): Promise<Cost> {
  const memory: Memory = { values: new Map(), kept: {} };
  let [processorMs, tookMs, sampleBytes] = [0, 0, 0];
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    const measured = await measureOnce(collector, memory, system, wanted);
    const { user, system: kernel } = process.cpuUsage(before);
    sampleBytes = sampleJson({ check: 0, at: Date.now(), selectionVersion: 0, tookMs: measured.tookMs }, measured.outcome).length;
    if (round === 0) continue;
    processorMs += (user + kernel) / 1_000 / (rounds - 1);
    tookMs += measured.tookMs / (rounds - 1);
  }
  return { check: wanted.check, instance: wanted.instance, processorMs, tookMs, sampleBytes };
}
