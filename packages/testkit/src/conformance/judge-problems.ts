/** A judge is pure, names what it looked at, and raises what it declared. */
import type { AnyCheck, Judge, Past, Point, Verdict } from "@hauswart/protocol/check.ts";
import type { CheckMessageCatalogue } from "@hauswart/protocol/messages.ts";
import { isDeepStrictEqual } from "node:util";
import { generatorOf } from "../generate.ts";
import { evidenceProblems } from "./evidence-problems.ts";
import { workingWeek } from "../working-week.ts";
import { sampleFrom, settingsFrom } from "./samples.ts";
import { subjectsOf } from "./schema.ts";

interface Judged {
  readonly definition: AnyCheck;
  readonly judge: Judge<AnyCheck>;
  readonly messages: CheckMessageCatalogue<AnyCheck>;
}

const at = Date.UTC(2026, 10, 21, 12);

/** @param seeds how many generated samples to judge. */
export function judgeProblems(judged: Judged, seeds: number): string[] {
  return Array.from({ length: seeds }, (_, seed) =>
    problemsWith(judged, seed).map((problem) => `${judged.definition.id}, seed ${seed}: ${problem}`),
  ).flat();
}

function problemsWith({ definition, judge, messages }: Judged, seed: number): string[] {
  const sample = sampleFrom(definition, seed);
  const before = structuredClone(sample);
  const input = { sample, settings: settingsFrom(definition, seed), past: pastFrom(definition, seed), at, calendar: workingWeek };
  const verdicts = judge(input);
  return [
    ...(isDeepStrictEqual(sample, before) ? [] : ["the judge changed the sample"]),
    ...(isDeepStrictEqual(judge(input), verdicts) ? [] : ["the judge says something else the second time"]),
    ...verdicts.flatMap((verdict) => [...stateProblems(definition, verdict), ...evidenceProblems(definition, messages, verdict)]),
    ...twice(verdicts),
    ...(seed % 2 === 0 ? unnamed(definition, sample, verdicts) : []),
  ];
}

function stateProblems({ findings }: AnyCheck, { code, state }: Verdict): string[] {
  const raises: readonly string[] = findings[code]?.raises ?? [];
  return ["ok", "unknown", ...raises].includes(state) ? [] : [`${code} is ${state}, which it does not declare`];
}

function twice(verdicts: readonly Verdict[]): string[] {
  const keys = verdicts.map(({ code, subject }) => `${code} of ${subject}`);
  return keys.filter((key, index) => keys.indexOf(key) !== index).map((key) => `${key} is judged twice`);
}

/** With the default settings nothing that the agent measured is passed over. */
function unnamed(definition: AnyCheck, sample: Readonly<Record<string, unknown>>, verdicts: readonly Verdict[]): string[] {
  const named = new Set(verdicts.map(({ subject }) => subject));
  const lists = Object.entries(subjectsOf(definition));
  if (lists.length === 0) return verdicts.length > 0 ? [] : ["nothing is judged"];
  return lists.flatMap(([field, subject]) =>
    (sample[field] as Record<string, unknown>[])
      .map((row) => String(row[subject]))
      .filter((name) => !named.has(name))
      .map((name) => `${name} is not judged`),
  );
}

/** No points, a few or many; rising, falling, or of any size. */
function pastFrom({ history }: AnyCheck, seed: number): Past {
  if (!history) return { points: () => [] };
  const random = generatorOf(seed + 104_729);
  const count = random.pick([0, 1, 13, Math.floor((history.hours * 60) / history.stepMinutes)]);
  const slope = random.pick([-1e9, -1, 0, 1e9]);
  const start = random.pick([0, 1e12]);
  const points = Array.from({ length: count }, (_, index): Point => ({
    at: at - (count - index) * history.stepMinutes * 60_000,
    value: Math.max(0, start + slope * index),
  }));
  return { points: () => points };
}
