import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Collector, Memory } from "@hauswart/agent/collector.ts";
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import { thisSystem } from "@hauswart/agent/os/system.ts";
import type { AnyCheck, Judge, SystemName } from "@hauswart/protocol/check.ts";
import { compileCodec } from "@hauswart/protocol/sample-codec.ts";
import {
  codecProblems,
  collectorProblems,
  declarationProblems,
  evidenceProblems,
  judgeProblems,
  textProblems,
} from "@hauswart/testkit/check-conformance.ts";
import { workingWeek } from "@hauswart/testkit/working-week.ts";
import type { JudgedCheck } from "@hauswart/server/services.ts";
import collectors from "./registry/agent.ts";
import cards from "./registry/console.ts";
import declarations from "./registry/protocol.ts";
import judgedChecks from "./registry/server.ts";

const seeds = 300;
const readmeLines = 80;
/** Where half a minute is too short on a busy computer: the package manager works out the whole upgrade. */
const measuringLimitMs: Readonly<Record<string, number>> = { "patch-status": 180_000 };
const system = await thisSystem();
const newMemory = (): Memory => ({ values: new Map(), kept: {} });
const checks: readonly AnyCheck[] = declarations;

test("there are checks, and each has an id of its own", () => {
  const ids = checks.map(({ id }) => id);
  expect(ids.length).toBeGreaterThan(0);
  expect(new Set(ids).size).toBe(ids.length);
});

/** A computer on which nothing can be reached: every answer is an error. */
const deadOs = new Proxy({} as Os, {
  get: () => async () => {
    throw new OsError("COLLECT_UNREADABLE", "nothing here");
  },
});

describe.each(checks.map((check) => [check.id, check] as const))("%s", (id, check) => {
  const collector = (collectors as unknown as Collector[]).find((one) => one.check === id);
  const judged = (judgedChecks as readonly JudgedCheck[]).find(({ definition }) => definition.id === id);
  const card = cards.find((one) => one.check === id);

  test("is declared in full", () => {
    expect(declarationProblems(check)).toEqual([]);
  });

  test("has an agent's, a server's and a console's side, and they fit", () => {
    expect(collector?.version).toBe(check.version);
    expect(judged?.definition).toBe(check as never);
    expect(["", ...compileCodec(check).series.map(({ field }) => field)]).toContain(card?.headline ?? "no card");
    expect(card?.messages as unknown).toBe(judged?.messages as unknown);
  });

  test("has all texts in both languages", () => {
    expect(textProblems(check, judged!.messages)).toEqual([]);
  });

  test("gives samples back as they were", () => {
    expect(codecProblems(check, seeds)).toEqual([]);
  });

  test("is judged purely, in full and in words that can be read, whatever the sample", () => {
    expect(judgeProblems(judged!, seeds)).toEqual([]);
  });

  test("has texts that stand evidence of older versions", () => {
    const verdicts = Object.keys(check.findings).map((code) => ({ code, subject: "", state: "ok" as const, evidence: {} }));
    expect(verdicts.flatMap((verdict) => evidenceProblems(check, judged!.messages, verdict))).toEqual([]);
  });

  test(
    "measures this very computer",
    async () => {
      const memory = newMemory();
      const measure = () => collectorProblems(check, collector!, system.name, system.os, memory);
      let first = await measure();
      // What is still searched for when the measurement has to end is told by a later one.
      while ("failed" in first.collected && first.collected.detail === "still-searching") first = await measure();
      const second = await measure();
      expect([...first.problems, ...second.problems]).toEqual([]);
      expect(Object.keys(second.collected)).toEqual(Object.keys(first.collected));
      // What is kept goes through a file.
      expect(JSON.parse(JSON.stringify(memory.kept))).toEqual(memory.kept);
      if ("ok" in first.collected) {
        const judge: Judge<AnyCheck> = judged!.judge;
        const verdicts = judge({
          sample: first.collected.ok,
          settings: check.judgement.parse({}),
          past: { points: () => [] },
          at: Date.now(),
          calendar: workingWeek,
        });
        expect(verdicts.length).toBeGreaterThan(0);
        expect(verdicts.flatMap((verdict) => evidenceProblems(check, judged!.messages, verdict))).toEqual([]);
      }
    },
    measuringLimitMs[id] ?? 30_000,
  );

  test.each(["linux", "darwin", "win32"] as const satisfies SystemName[])(
    "answers or fails with a code on %s when nothing can be read",
    async (name) => {
      const answer = await collectorProblems(check, collector!, name, deadOs, newMemory()).catch((error: unknown) => error);
      if (answer instanceof OsError) return;
      expect(answer).toMatchObject({ problems: [] });
      expect(answer).not.toHaveProperty("collected.ok");
    },
  );

  test("has a readme of a page", () => {
    const path = join(import.meta.dir, id, "README.md");
    expect(existsSync(path)).toBe(true);
    expect(readFileSync(path, "utf8").split("\n").length).toBeLessThanOrEqual(readmeLines);
  });
});
