/**
 * `npm run bench -- NAME [--json] [--quick]`: runs one benchmark of bench/ and prints its measures. The last line with --json is one
 * object `{"bench", "measures", "machine"}`. Without a name it lists what there is. Ends with 2 when it cannot be run here.
 */
import { readdirSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import type { Benchmark } from "../bench/support/benchmark.ts";

const folder = fileURLToPath(new URL("../bench", import.meta.url));
const names = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
  .map((entry) => entry.name.slice(0, -3))
  .sort();

const words = process.argv.slice(2);
const asJson = words.includes("--json");
const [name] = words.filter((word) => !word.startsWith("--"));

if (!name || !names.includes(name)) {
  console.error(`Name a benchmark: ${names.join(", ")}.  npm run bench -- NAME --json`);
  process.exit(2);
}

const { default: benchmark } = (await import(`../bench/${name}.ts`)) as { default: Benchmark };
const say = (line: string) => console.error(line);
const obstacle = benchmark.whyNot?.();
if (obstacle !== undefined) {
  console.error(`The benchmark ${name} cannot be run here: ${obstacle}.`);
  process.exit(2);
}
// Benchmarks clean up at the process's exit, which a signal alone would skip.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
const measures = await benchmark.run({ quick: words.includes("--quick"), say });

for (const [measure, { reaches }] of Object.entries(benchmark.measures)) {
  if (!(measure in measures)) throw new Error(`The benchmark ${name} did not yield ${measure}.`);
  say(`${measure}: ${measures[measure]}   (reaches: ${reaches})`);
}
if (asJson) {
  const machine = {
    processor: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
    memoryBytes: totalmem(),
    runtime: `bun ${Bun.version}`,
  };
  console.log(JSON.stringify({ bench: name, measures, machine }));
}
// A benchmark ends its own servers; whatever timer of a library is left shall not keep the command waiting.
process.exit(0);
