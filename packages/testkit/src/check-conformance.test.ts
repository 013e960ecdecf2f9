/** A suite that finds nothing wrong proves something only if it finds what is wrong: each rule meets a check that breaks it. */
import { describe, expect, test } from "bun:test";
import type { Collector, Memory } from "@hauswart/agent/collector.ts";
import type { Os } from "@hauswart/agent/os/os.ts";
import { defineCheck, type AnyCheck, type Judge } from "@hauswart/protocol/check.ts";
import { entries, fact, list, series, setting, subject } from "@hauswart/protocol/fields.ts";
import type { CheckMessageCatalogue, CheckMessages } from "@hauswart/protocol/messages.ts";
import { z } from "zod";
import { codecProblems, collectorProblems, declarationProblems, judgeProblems, textProblems } from "./check-conformance.ts";

const good = defineCheck({
  id: "example",
  version: 1,
  description: "What an example does.",
  promises: [],
  cycle: { everyMinutes: 5 },
  failuresBeforeFinding: 1,
  sample: z.object({
    things: list({
      name: subject("The thing's name."),
      isOld: fact.flag("Whether it is old."),
      freeBytes: series.bytes("What is free of it.").nullable(),
    }),
    events: entries({ text: fact.text("What it was.") }, "Things that happened."),
  }),
  selection: z.object({ exclude: setting.names([], "Not these ones.") }),
  judgement: z.object({ leastBytes: setting.bytes(5, "Failure below this amount.") }),
  findings: { low: { description: "Little is free.", raises: ["failure"] } },
  history: { fields: ["things.freeBytes"], hours: 24, stepMinutes: 60 },
  noData: ["nothing-there"],
  onByDefault: true,
});

const texts = (word: string): CheckMessages<typeof good> => ({
  name: `Example ${word}`,
  description: `${word} does what an example does.`,
  summary: ({ evidence }) => `${word} ${evidence["freeBytes"] ?? "–"}`,
  findings: { low: { title: ({ evidence }) => `${word} ${evidence["freeBytes"] ?? "–"}`, meaning: () => word, advice: () => word } },
  settings: {
    exclude: { label: word, help: `${word} are not these ones here.` },
    leastBytes: { label: word, help: `${word} is a failure below this.` },
  },
  noData: { "nothing-there": (about) => `${word} has nothing there: ${about}.` },
  fields: { "things.freeBytes": word },
});
const messages: CheckMessageCatalogue<typeof good> = { de: texts("Deutsch"), en: texts("English") };

const judge: Judge<typeof good> = ({ sample, settings }) =>
  sample.things.map(({ name, freeBytes }) => ({
    code: "low",
    subject: name,
    state: freeBytes === null ? "unknown" : freeBytes < settings.leastBytes ? "failure" : "ok",
    evidence: { freeBytes },
  }));

const seeds = 60;
const judged = { definition: good as AnyCheck, judge: judge as Judge<AnyCheck>, messages: messages as CheckMessageCatalogue<AnyCheck> };

test("a check that keeps all rules has no problems", () => {
  expect(declarationProblems(good)).toEqual([]);
  expect(textProblems(good, messages)).toEqual([]);
  expect(codecProblems(good, seeds)).toEqual([]);
  expect(judgeProblems(judged, seeds)).toEqual([]);
});

describe("a declaration is found out", () => {
  const sampleOf = (shape: z.ZodRawShape): Partial<AnyCheck> => ({ sample: z.object(shape) });
  test.each<[string, Partial<AnyCheck>, string]>([
    ["an id that is no name of a folder", { id: "Example_1" }, "kebab case"],
    ["a version that does not count", { version: 0 }, "version"],
    ["no sentence", { description: "stuff" }, "description"],
    ["a reason that reads like a sentence", { noData: ["Nothing is there."] }, "not in kebab-case"],
    ["a reason that stands twice", { noData: ["none", "none"] }, "stands twice"],
    ["no findings", { findings: {} }, "no finding"],
    ["a finding that raises nothing", { findings: { low: { description: "It is low.", raises: [] } } }, "raises nothing"],
    ["a finding without a sentence", { findings: { low: { description: "low", raises: ["failure"] } } }, "low is not described"],
    ["a field of no kind", sampleOf({ plain: z.string().describe("A plain one.") }), "plain: not declared"],
    ["a field without a sentence", sampleOf({ model: fact.text("") }), "model is not described"],
    ["a field in a list without a sentence", sampleOf({ rows: list({ name: subject("N") }) }), "rows.name is not described"],
    [
      "an entry without a sentence",
      sampleOf({ events: entries({ text: fact.text("t") }, "Things that happened.") }),
      "events.text is not described",
    ],
    ["a number whose name does not tell its unit", sampleOf({ size: series.bytes("How large it is.") }), "size is a number of bytes"],
    ["a setting without a sentence", { judgement: z.object({ strict: setting.flag(true, "") }) }, "setting strict is not described"],
    [
      "a setting whose name does not tell its unit",
      { judgement: z.object({ least: setting.percent(5, "Failure below this.") }) },
      "setting least is a number of percent",
    ],
    [
      "settings without a default",
      { judgement: z.object({ strict: z.boolean().describe("Whether it is strict.") }) },
      "default settings do not parse",
    ],
    [
      "one name for two settings",
      { judgement: z.object({ exclude: setting.flag(true, "Whether it excludes.") }) },
      "in selection and in judgement",
    ],
    ["a history of what is no series", { history: { fields: ["things.isOld"], hours: 1, stepMinutes: 1 } }, "no series"],
  ])("%s", (_, changes, problem) => {
    expect(declarationProblems({ ...good, ...changes } as AnyCheck).join("\n")).toContain(problem);
  });
});

describe("texts are found out", () => {
  const german = messages.de;
  test.each<[string, Partial<CheckMessages<AnyCheck>>, string]>([
    ["a finding without a text", { findings: {} }, "finding low has no text"],
    ["a reason without a text", { noData: {} }, "reason nothing-there has no text"],
    ["a reason with an empty text", { noData: { "nothing-there": " " } }, "reason nothing-there has an empty text"],
    ["a text for nothing", { findings: { ...german.findings, high: german.findings.low } }, "finding high, which is not declared"],
    ["a setting without a text", { settings: { exclude: german.settings.exclude } }, "setting leastBytes has no text"],
    [
      "a setting with an empty help",
      { settings: { ...german.settings, exclude: { label: "x", help: " " } } },
      "setting exclude has an empty",
    ],
    ["a series without a label", { fields: {} }, "series things.freeBytes has no text"],
    ["a text that was not translated", { description: messages.en.description }, "not translated"],
    ["an excited text", { description: "Achtung, das ist wichtig!" }, "exclamation mark"],
  ])("%s", (_, changes, problem) => {
    expect(textProblems(good, { ...messages, de: { ...german, ...changes } } as CheckMessageCatalogue<AnyCheck>).join("\n")).toContain(
      problem,
    );
  });
});

describe("a judge is found out", () => {
  let calls = 0;
  test.each<[string, Judge<AnyCheck>, string]>([
    ["that passes something over", (input) => judged.judge(input).slice(1), "is not judged"],
    ["that judges something twice", (input) => [...judged.judge(input), ...judged.judge(input)], "is judged twice"],
    [
      "that raises what it did not declare",
      (input) => judged.judge(input).map((verdict) => ({ ...verdict, state: "warning" })),
      "does not declare",
    ],
    ["that invents a code", (input) => judged.judge(input).map((verdict) => ({ ...verdict, code: "odd" })), "odd is not declared"],
    [
      "whose evidence is not a number",
      (input) => judged.judge(input).map((verdict) => ({ ...verdict, evidence: { freeBytes: Number.NaN } })),
      "freeBytes is NaN",
    ],
    [
      "that remembers",
      (input) => judged.judge(input).map((verdict) => ({ ...verdict, evidence: { calls: calls++ } })),
      "something else the second time",
    ],
    [
      "that changes the sample",
      (input) => {
        input.sample.things.reverse();
        return judged.judge(input);
      },
      "changed the sample",
    ],
  ])("%s", (_, wrong, problem) => {
    expect(judgeProblems({ ...judged, judge: wrong }, seeds).join("\n")).toContain(problem);
  });

  test.each<[string, CheckMessages<AnyCheck>["summary"], string]>([
    ["a text that shows a gap", ({ evidence }) => `${evidence["nothing"]} free`, "undefined free"],
    ["a text that fails", ({ evidence }) => (evidence["nothing"] as unknown as string).trim(), "throws"],
    ["an empty text", () => " ", "empty"],
  ])("%s", (_, summary, problem) => {
    const wrong = { ...messages, de: { ...messages.de, summary } } as CheckMessageCatalogue<AnyCheck>;
    expect(judgeProblems({ ...judged, messages: wrong }, seeds).join("\n")).toContain(problem);
  });
});

describe("a collector is found out", () => {
  const answering = (answer: unknown): Collector => ({ check: "example", version: 1, collect: async () => answer as never });
  const problemsOf = async (answer: unknown) =>
    (await collectorProblems(good, answering(answer), "linux", {} as Os, { values: new Map(), kept: {} } satisfies Memory)).problems.join(
      "\n",
    );
  const row = (name: string) => ({ name, isOld: false, freeBytes: 5 });

  test("that keeps all rules has no problems", async () => {
    expect(await problemsOf({ ok: { things: [row("a"), row("b")], events: [] } })).toBe("");
    expect(await problemsOf({ noData: "nothing-there" })).toBe("");
    expect(await problemsOf({ noData: "nothing-there: A" })).toBe("");
    expect(await problemsOf({ failed: "COLLECT_UNSUPPORTED", detail: "program-missing: tank" })).toBe("");
    expect(await problemsOf({ failed: "COLLECT_UNREADABLE", detail: { system: "/dev/tank: EIO" } })).toBe("");
  });
  test.each<[string, unknown, string]>([
    ["that sends something else", { ok: { things: 3 } }, "does not fit"],
    ["that sends more than is declared", { ok: { things: [{ ...row("a"), more: 1 }], events: [] } }, "not declared"],
    ["that sends rows in any order", { ok: { things: [row("b"), row("a")], events: [] } }, "not sorted"],
    ["that sends a row twice", { ok: { things: [row("a"), row("a")], events: [] } }, "stands twice"],
    ["that has no data for no reason", { noData: "" }, "does not say why"],
    ["that has no data for a sentence", { noData: "Nothing is there: none." }, "does not say why"],
    ["that has no data for a reason that nobody declared", { noData: "nothing-here" }, "does not say why"],
    ["that fails with a sentence", { failed: "COLLECT_UNSUPPORTED", detail: "There is no tank." }, "neither a code"],
    ["that fails with an unknown detail", { failed: "COLLECT_UNSUPPORTED", detail: "no-tank: A" }, "neither a code"],
    ["that fails without words", { failed: "COLLECT_UNREADABLE", detail: { system: " " } }, "neither a code"],
    ["that fails with a code of its own", { failed: "OOPS", detail: "x" }, "without a known code"],
  ])("%s", async (_, answer, problem) => {
    expect(await problemsOf(answer)).toContain(problem);
  });
});
