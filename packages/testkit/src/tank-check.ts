/** A check that measures tanks and does not exist: every kind of field, a judge with a history, for tests of the platform. */
import { defineCheck, type Judge, type Verdict } from "@hauswart/protocol/check.ts";
import { entries, fact, list, series, setting, subject } from "@hauswart/protocol/fields.ts";
import type { CheckRegistry, JudgedCheck } from "@hauswart/server/services.ts";
import { z } from "zod";

export const tank = defineCheck({
  id: "tank",
  version: 1,
  description: "How full tanks are.",
  promises: [],
  cycle: { everyMinutes: 1 },
  failuresBeforeFinding: 1,
  sample: z.object({
    pumpCount: series.count("Pumps that run."),
    place: fact.text("Where the tanks stand."),
    tanks: list({
      name: subject("The tank's name."),
      liquid: fact.text("What is in it."),
      levelPercent: series.percent("How full it is; null when not measured.").nullable(),
    }),
    leaks: entries({ tank: fact.text("Which tank leaked.") }, "Leaks."),
  }),
  selection: z.object({ only: setting.names([], "Only these tanks.") }),
  judgement: z.object({
    warningAbove: setting.percent(80, "Warning above."),
    failureAbove: setting.percent(95, "Failure above."),
  }),
  findings: {
    full: { description: "A tank is nearly full.", raises: ["warning", "failure"] },
    rising: { description: "A tank has risen since the oldest remembered point.", raises: ["warning"] },
  },
  history: { fields: ["tanks.levelPercent"], hours: 2, stepMinutes: 10 },
  onByDefault: true,
});

/** Rises by more than this since the oldest point: a warning. */
export const risePercent = 30;

export const judgeTank: Judge<typeof tank> = ({ sample, settings, past }) =>
  sample.tanks.flatMap(({ name, levelPercent }): Verdict<"full" | "rising">[] => {
    if (sample.place === "break the judge") throw new Error("a judge with a mistake");
    if (levelPercent === null) return [{ code: "full", subject: name, state: "unknown", evidence: {} }];
    const state = levelPercent > settings.failureAbove ? "failure" : levelPercent > settings.warningAbove ? "warning" : "ok";
    const oldest = past.points("tanks.levelPercent", name)[0];
    const rising: Verdict<"rising">[] = oldest
      ? [
          {
            code: "rising",
            subject: name,
            state: levelPercent - oldest.value > risePercent ? "warning" : "ok",
            evidence: { levelPercent, sinceMs: oldest.at },
          },
        ]
      : [];
    return [{ code: "full", subject: name, state, evidence: { levelPercent, name } }, ...rising];
  });

const text = () => "text";
const finding = { title: text, meaning: text, advice: text };
const messages = {
  name: "Tanks",
  description: "How full tanks are.",
  summary: text,
  findings: { full: finding, rising: finding },
  settings: Object.fromEntries(["only", "warningAbove", "failureAbove"].map((name) => [name, { label: name, help: name }])),
  fields: {},
};

export const judgedTank: JudgedCheck = {
  definition: tank,
  judge: judgeTank,
  messages: { de: messages, en: messages },
};

/** Nothing but tanks. */
export const tankRegistry: CheckRegistry = new Map([[tank.id, judgedTank]]);

export interface TankSample {
  readonly pumpCount: number;
  readonly place: string;
  readonly tanks: { name: string; liquid: string; levelPercent: number | null }[];
  readonly leaks: { at: number; tank: string }[];
}

/** A sample with these levels; null = not measured. */
export function tankSample(levels: Readonly<Record<string, number | null>>, change: Partial<TankSample> = {}): TankSample {
  return {
    pumpCount: 2,
    place: "cellar",
    tanks: Object.entries(levels).map(([name, levelPercent]) => ({ name, liquid: "water", levelPercent })),
    leaks: [],
    ...change,
  };
}
