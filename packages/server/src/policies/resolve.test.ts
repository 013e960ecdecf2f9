import { describe, expect, test } from "bun:test";
import { PolicyCheck } from "@hauswart/protocol/api/policies.ts";
import { defineCheck } from "@hauswart/protocol/check.ts";
import { setting } from "@hauswart/protocol/fields.ts";
import { usualFlapping } from "@hauswart/protocol/usual-flapping.ts";
import { z } from "zod";
import { resolveChecks, type ReachingPolicy } from "./resolve.ts";
import { defaultSource, type Level } from "./source.ts";

const disk = defineCheck({
  id: "disk",
  version: 1,
  description: "Watches disks.",
  promises: [],
  cycle: { everyMinutes: 5 },
  failuresBeforeFinding: 2,
  sample: z.object({}),
  selection: z.object({ ignore: setting.names([], "Volumes left out.") }),
  judgement: z
    .object({ warnBelow: setting.percent(15, "Warning."), failBelow: setting.percent(5, "Failure.") })
    .refine(({ warnBelow, failBelow }) => warnBelow >= failBelow, "The warning comes before the failure."),
  findings: {},
  onByDefault: true,
});
const web = defineCheck({
  id: "web",
  version: 1,
  description: "Watches web sites.",
  promises: [],
  cycle: { dailyAtHour: 4 },
  failuresBeforeFinding: 1,
  sample: z.object({}),
  selection: z.object({ address: z.string().default("") }),
  judgement: z.object({}),
  findings: {},
  onByDefault: false,
});

let made = 0;
const policy = (level: Level, checks: z.input<typeof PolicyCheck>[], over: Partial<ReachingPolicy> = {}): ReachingPolicy => ({
  policyId: `policy-${++made}`,
  name: level,
  level,
  levelId: `${level}-id`,
  ...over,
  checks: checks.map((check) => PolicyCheck.parse(check)),
});
const resolveDisk = (...policies: ReachingPolicy[]) => {
  const { checks, problems } = resolveChecks([disk], policies, "workstation");
  return { ...checks[0]!, problems };
};

describe("resolveChecks", () => {
  test("without policies: what is on by default, with the check's own values and sources that say so", () => {
    const { checks, problems } = resolveChecks([web, disk], [], "workstation");
    expect(problems).toEqual([]);
    expect(checks).toEqual([
      {
        check: "disk",
        instance: "",
        enabled: true,
        everySeconds: 300,
        dailyAtHour: null,
        failuresBeforeFinding: 2,
        damping: { flapping: usualFlapping },
        selection: { ignore: [] },
        judgement: { warnBelow: 15, failBelow: 5 },
        sources: {
          enabled: defaultSource,
          everySeconds: defaultSource,
          dailyAtHour: defaultSource,
          failuresBeforeFinding: defaultSource,
          ignore: defaultSource,
          warnBelow: defaultSource,
          failBelow: defaultSource,
        },
      },
    ]);
  });

  test("what comes and goes is summed up unless a policy says otherwise", () => {
    expect(resolveDisk(policy("provider", [{ check: "disk", flapping: null }]))).toMatchObject({ damping: {} });
    expect(resolveDisk(policy("provider", [{ check: "disk", goodSamples: 2 }]))).toMatchObject({
      damping: { goodSamples: 2, flapping: usualFlapping },
    });
  });

  test("what damps is laid on value by value, and what says nothing is left out", () => {
    const flapping = { openings: 3, withinMinutes: 60, calmMinutes: 30 };
    const house = policy("provider", [{ check: "disk", badForMinutes: 10, goodSamples: 3, recoverAt: { warnBelow: 20 }, flapping }]);
    const own = policy("device", [{ check: "disk", badForMinutes: 0, goodSamples: 1, flapping: null }]);
    expect(resolveDisk(house)).toMatchObject({
      problems: [],
      damping: { badForMinutes: 10, goodSamples: 3, recovery: { warnBelow: 20 }, flapping },
      sources: { badForMinutes: { policyId: house.policyId } },
    });
    expect(resolveDisk(house, own).damping).toEqual({ recovery: { warnBelow: 20 } });
  });

  test("recovery values that do not go together with the thresholds are left out and reported", () => {
    const house = policy("provider", [{ check: "disk", goodSamples: 2, recoverAt: { warnBelow: 2 } }]);
    expect(resolveDisk(house)).toMatchObject({
      damping: { goodSamples: 2 },
      problems: [{ policyId: house.policyId, setting: "recoverAt" }],
    });
    expect(resolveDisk(house).damping.recovery).toBeUndefined();
  });

  test("each level wins over the one before, setting by setting, in whatever order the policies come", () => {
    const levels: Level[] = ["device", "provider", "tag", "site", "customer"];
    const at = { provider: 90, customer: 80, site: 70, tag: 60, device: 50 };
    for (let count = 1; count <= levels.length; count++) {
      const chosen = levels.slice(0, count);
      const resolved = resolveDisk(...chosen.map((level) => policy(level, [{ check: "disk", settings: { warnBelow: at[level] } }])));
      expect(resolved.judgement["warnBelow"]).toBe(Math.min(...chosen.map((level) => at[level])));
      expect(resolved.judgement["failBelow"]).toBe(5);
      expect(resolved.sources["failBelow"]).toEqual(defaultSource);
    }
  });

  test("the source names level, id and policy of the value that won", () => {
    const low = policy("provider", [{ check: "disk", settings: { warnBelow: 30, ignore: ["/snap"] } }]);
    const high = policy("tag", [{ check: "disk", settings: { warnBelow: 20 }, failuresBeforeFinding: 4 }], { levelId: "till" });
    const { sources } = resolveDisk(high, low);
    expect(sources["warnBelow"]).toEqual({ scope: "tag", scopeId: "till", policyId: high.policyId });
    expect(sources["failuresBeforeFinding"]).toEqual({ scope: "tag", scopeId: "till", policyId: high.policyId });
    expect(sources["ignore"]).toEqual({ scope: "provider", scopeId: "provider-id", policyId: low.policyId });
    expect(sources["everySeconds"]).toEqual(defaultSource);
  });

  test("within a level: tag's text, then policy's name, then id; the last wins", () => {
    const named = (name: string, levelId: string, policyId: string, warnBelow: number) =>
      policy("tag", [{ check: "disk", settings: { warnBelow } }], { name, levelId, policyId });
    expect(resolveDisk(named("a", "z", "1", 11), named("z", "a", "2", 22)).judgement["warnBelow"]).toBe(11);
    expect(resolveDisk(named("b", "t", "1", 11), named("a", "t", "2", 22)).judgement["warnBelow"]).toBe(11);
    expect(resolveDisk(named("a", "t", "2", 22), named("a", "t", "1", 11)).judgement["warnBelow"]).toBe(22);
  });

  test("a policy turns a check off, a nearer one on again", () => {
    const off = policy("customer", [{ check: "disk", enabled: false }]);
    expect(resolveDisk(off).enabled).toBe(false);
    expect(resolveDisk(off, policy("device", [{ check: "disk" }])).enabled).toBe(true);
    expect(resolveDisk(policy("provider", [{ check: "disk" }]), off).enabled).toBe(false);
  });

  test("named instances stand beside each other", () => {
    const sites = policy(
      "site",
      ["b", "a"].map((instance) => ({ check: "web", instance, settings: { address: `https://${instance}.example` } })),
    );
    const { checks } = resolveChecks([web], [sites], "workstation");
    expect(checks.map(({ instance, enabled, selection }) => [instance, enabled, selection["address"]])).toEqual([
      ["a", true, "https://a.example"],
      ["b", true, "https://b.example"],
    ]);
  });

  test.each<[string, Partial<PolicyCheck>, Partial<PolicyCheck>, number, number | null]>([
    ["default of a daily check", {}, {}, 86_400, 4],
    ["hour alone", { dailyAtHour: 22 }, {}, 86_400, 22],
    ["shorter cycle drops the hour", { everySeconds: 60 }, {}, 60, null],
    ["daily without an hour keeps the hour below", { dailyAtHour: 22 }, { everySeconds: 86_400 }, 86_400, 22],
    ["daily above a short cycle takes the hour of the role", { everySeconds: 60 }, { everySeconds: 86_400 }, 86_400, 10],
    ["hour above a short cycle makes it daily", { everySeconds: 60 }, { dailyAtHour: 3 }, 86_400, 3],
  ])("cycle: %s", (_, provider, device, everySeconds, dailyAtHour) => {
    const { checks } = resolveChecks(
      [web],
      [policy("provider", [{ check: "web", ...provider }]), policy("device", [{ check: "web", ...device }])],
      "workstation",
    );
    expect(checks[0]).toMatchObject({ everySeconds, dailyAtHour });
  });

  test("a daily safety check is at the hour of the computer's role, a named hour is for all, and a policy's hour wins", () => {
    const safety = defineCheck({ ...disk, id: "safety", cycle: { daily: true } });
    const hours = (...policies: ReachingPolicy[]) =>
      (["server", "workstation"] as const).map((role) => resolveChecks([safety], policies, role).checks[0]!);
    expect(hours()).toMatchObject([
      { everySeconds: 86_400, dailyAtHour: 6 },
      { everySeconds: 86_400, dailyAtHour: 10 },
    ]);
    expect(hours(policy("site", [{ check: "safety", dailyAtHour: 13 }])).map(({ dailyAtHour }) => dailyAtHour)).toEqual([13, 13]);
    expect(resolveChecks([{ ...web, onByDefault: true }], [], "server").checks[0]).toMatchObject({ dailyAtHour: 4 });
  });

  test("a value that the check does not take is left out and reported; the others of the policy hold", () => {
    const bad = policy("site", [{ check: "disk", settings: { warnBelow: 101, failBelow: 3, colour: "red" } }]);
    const { judgement, sources, problems } = resolveDisk(bad);
    expect(judgement).toEqual({ warnBelow: 15, failBelow: 3 });
    expect(sources["warnBelow"]).toEqual(defaultSource);
    expect(problems.map(({ setting, policyId, check }) => [setting, policyId, check])).toEqual([
      ["warnBelow", bad.policyId, "disk"],
      ["colour", bad.policyId, "disk"],
    ]);
  });

  test("values that do not go together with those below are left out as a whole", () => {
    const { judgement, problems } = resolveDisk(
      policy("provider", [{ check: "disk", settings: { warnBelow: 10 } }]),
      policy("site", [{ check: "disk", settings: { failBelow: 12 } }]),
    );
    expect(judgement).toEqual({ warnBelow: 10, failBelow: 5 });
    expect(problems).toMatchObject([{ setting: "", message: "The warning comes before the failure." }]);
  });

  describe("what an agent is not told, because it takes no more", () => {
    const sites = (count: number, address = "") =>
      policy(
        "site",
        Array.from({ length: count }, (_, index) => ({ check: "a-web", instance: `${1_000 + index}`, settings: { address } })),
      );
    const leftOut = (...policies: ReachingPolicy[]) =>
      resolveChecks([{ ...web, id: "a-web" }, disk], policies, "server")
        .checks.filter(({ doesNotFit }) => doesNotFit)
        .map(({ check, instance }) => `${check} ${instance}`);

    test("the last ones in the order of their names, and never the computer's own", () => {
      expect(leftOut(sites(499))).toEqual([]);
      expect(leftOut(sites(501))).toEqual(["a-web 1499", "a-web 1500"]);
    });

    test("what is off takes no place", () => {
      expect(leftOut(sites(500), policy("device", [{ check: "a-web", instance: "1007", enabled: false }]))).toEqual([]);
    });

    test("what would make the message too long", () => {
      expect(leftOut(sites(3, "x".repeat(100_000)))).toEqual(["a-web 1002"]);
    });
  });

  test("names of an object's prototype are no settings", () => {
    const { problems, judgement } = resolveDisk(
      policy("site", [
        { check: "disk", settings: JSON.parse('{"constructor": 1, "__proto__": {"warnBelow": 1}}') as Record<string, unknown> },
      ]),
    );
    expect(problems.map(({ setting }) => setting)).toContain("constructor");
    expect(judgement["warnBelow"]).toBe(15);
  });
});
