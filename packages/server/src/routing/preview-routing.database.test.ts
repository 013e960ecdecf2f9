/** Who would be told: what the preview says is what then happens. */
import type { EscalationPlan } from "@hauswart/protocol/api/routing.ts";
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { changeEscalationPlan } from "./escalation/change-escalation-plan.ts";
import { previewRouting } from "./preview-routing.ts";
import { routingStage } from "@hauswart/testkit/routing-stage.ts";

// A round of all workers takes a second on a busy computer, and some tests do a day of them.
setDefaultTimeout(60_000);
const stage = routingStage();

describe("the preview", () => {
  test("says who would be told, when and why, and who would not; it is what then happens", async () => {
    const { customerId, siteId } = stage.tenant.first;
    await stage.onCall();
    await stage.recipient({ customerId, address: "all@example.org" });
    await stage.recipient({ customerId, siteId, address: "disks@example.org", topics: ["disks"] });
    await stage.recipient({ address: "quiet@example.org", quiet: true, quietExcept: null });
    const atNight = Date.UTC(2026, 2, 2, 22, 30);
    const { answers, planName } = await previewRouting({
      ctx: stage.ctx(),
      input: { deviceId: stage.deviceId, check: "device", severity: "failure", at: new Date(atNight).toISOString() },
    });
    expect(planName).toBe("Failures");
    expect(answers.map(({ name, outcome, why, step }) => [name, outcome, why, step])).toEqual([
      ["all@example.org", "told", "fits", null],
      ["disks@example.org", "not-told", "other-topic", null],
      ["quiet@example.org", "held", "quiet", null],
      ["Anna", "told", "on-call", 1],
      ["Clara", "told", "on-call", 2],
      ["Olga", "told", "on-call", 3],
    ]);
    expect(answers[2]!.at).toBe("2026-03-03T05:00:00.000Z");
    stage.services.clock.set(atNight);
    await stage.apply(stage.change("open"));
    await stage.due();
    expect(
      stage
        .mailed()
        .map((line) => line.split(/[-@]/)[0])
        .toSorted((one, other) => (one! < other! ? -1 : 1)),
    ).toEqual(["all", "anna"]);
  });

  /** Anna by day alone, Clara around the clock, the owners: who is called when by the preview, and who is then. */
  async function calls(waits: readonly [number, number, number], plan: Partial<EscalationPlan>, atMs: number) {
    const { plan: made, rotaId } = await stage.onCall();
    const steps = made.steps.map((step, index) => ({ ...step, afterMinutes: waits[index]! }));
    await changeEscalationPlan({ ctx: stage.ctx(), input: { ...made, ...plan, steps } });
    await stage.database.unwalled("a test", (tx) =>
      tx.sql("update hauswart.rota set layers = jsonb_set(layers, '{0,hours}', '\"service\"') where rota_id = $1", [rotaId]),
    );
    stage.services.clock.set(atMs);
    const input = { deviceId: stage.deviceId, check: "device", severity: "failure" } as const;
    const foreseen = (await previewRouting({ ctx: stage.ctx(), input })).answers;
    await stage.apply(stage.change("open"));
    await stage.due();
    const called: unknown[] = [];
    for (const minutes of [0, ...Array<number>(40).fill(15)]) {
      if (minutes > 0) await stage.later(minutes);
      const at = new Date(stage.services.clock.now()).toISOString().slice(11, 16);
      called.push(...stage.who().map((who) => `${who} ${at}`));
    }
    return { foreseen: foreseen.map(({ name, at }) => `${name.toLowerCase()} ${at?.slice(11, 16)}`), called };
  }

  test.each<[what: string, waits: [number, number, number], plan: Partial<EscalationPlan>, hour: number, times: string[]]>([
    [
      "a first wait that ends before the hours of the plan begin",
      [30, 15, 30],
      { hours: "service" },
      2,
      ["anna 08:00", "clara 08:15", "olga 08:45"],
    ],
    ["a first wait that ends after that", [390, 15, 30], { hours: "service" }, 2, ["anna 08:30", "clara 08:45", "olga 09:15"]],
    ["two who are called together", [0, 0, 30], {}, 9, ["anna 09:00", "clara 09:00", "olga 09:30"]],
    ["a step at which nobody is on call", [15, 15, 30], {}, 2, ["clara 02:15", "olga 02:45"]],
  ])("says when people are called, and then they are: %s", async (_, waits, plan, hour, times) => {
    expect(await calls(waits, plan, Date.UTC(2026, 2, 3, hour))).toEqual({ foreseen: times, called: times });
  });
});
