/** Who is called on, and who hears that it is over, when something else happens meanwhile. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Id } from "@hauswart/protocol/ids.ts";
import { routingStage } from "@hauswart/testkit/routing-stage.ts";
import { acknowledgeFinding } from "../../findings/acknowledge-finding.ts";
import { getFinding } from "../../findings/get-finding.ts";
import { reopenFinding } from "../../findings/reopen-finding.ts";
import { createMaintenanceWindow } from "../../maintenance/create-maintenance-window.ts";
import { endMaintenance } from "../../maintenance/end-maintenance.ts";
import { changeEscalationPlan } from "./change-escalation-plan.ts";
import { createEscalationPlan } from "./create-escalation-plan.ts";
import { listEscalationPlans } from "./list-escalation-plans.ts";

setDefaultTimeout(60_000);
const stage = routingStage();

test("while maintenance runs nobody is called further; what is still broken afterwards begins with the first again", async () => {
  await stage.onCall();
  const [effect] = await stage.apply(stage.change("open"));
  await stage.due();
  expect(stage.who()).toEqual(["anna"]);
  await stage.later(5);
  const when = { kind: "now", minutes: 60 } as const;
  const input = {
    scope: "device",
    scopeId: stage.deviceId,
    customerId: null,
    name: "Repair",
    graceMinutes: 15,
    afterEnd: "tell",
    when,
  } as const;
  const { maintenanceWindowId } = await createMaintenanceWindow({ ctx: stage.ctx(), input });
  for (let minutes = 0; minutes < 55; minutes += 5) await stage.later(5);
  expect(stage.who()).toEqual([]);
  const notes = async () =>
    (await getFinding({ ctx: stage.ctx(), input: { findingId: effect!.findingId } })).events.map(({ note }) => note);
  expect((await notes()).filter((note) => note?.includes("Wartung"))).toEqual(["Bereitschaft: Während der Wartung wird niemand gerufen."]);
  // Ended before its time, and then its grace.
  await endMaintenance({ ctx: stage.ctx(), input: { maintenanceWindowId } });
  await stage.later(14);
  expect(stage.who()).toEqual([]);
  await stage.later(1);
  expect(stage.who()).toEqual(["anna"]);
  await stage.later(15);
  expect(stage.who()).toEqual(["clara"]);
});

test("what a cause explains that is found later calls nobody; when it is gone, what remains does", async () => {
  await stage.onCall();
  const { siteId, customerId } = stage.tenant.first;
  const site = { customerId, siteId, deviceId: null, check: "site", checkNumber: null, instance: siteId };
  await stage.apply(stage.change("open"));
  await stage.due();
  expect(stage.who()).toEqual(["anna"]);
  await stage.later(1);
  await stage.apply(stage.change("open", "offline", { scope: site, evidence: { lost: 1, stillConnected: 0 } }));
  await stage.due();
  stage.mailed();
  await stage.later(14);
  await stage.later(1);
  // The site's own second step; the device is not called for.
  expect(stage.mailed()).toEqual([expect.stringMatching(/^clara-.*: On call: (?!Silent)/)]);
  await stage.apply(stage.change("close", "offline", { scope: site }));
  await stage.later(2);
  expect(stage.mailed().filter((line) => line.includes("Silent"))).toEqual([]);
  await stage.later(1);
  await stage.later(1);
  expect(stage.mailed()).toEqual([expect.stringMatching(/^anna-.*: On call: Silent/)]);
});

test("ALM-1 however many calls wait for the end of the quiet hours, who was called just now hears that it is over", async () => {
  const { anna, olga } = await stage.onCall();
  // A Monday evening at 22:30 in Berlin.
  stage.services.clock.set(Date.UTC(2026, 2, 2, 21, 30));
  const [effect] = await stage.apply(stage.change("open"));
  const called = (accountId: Id, atMs: number, count: number) =>
    stage.database.unwalled("calls", (tx) =>
      tx.sql(
        `insert into hauswart.escalation_call (provider_id, call_id, account_id, finding_ids, called_at)
         select $1, uuidv7(), $2, array[$3]::uuid[], $4 from generate_series(1, $5)`,
        [stage.tenant.providerId, accountId, effect!.findingId, new Date(atMs).toISOString(), count],
      ),
    );
  await called(anna, stage.services.clock.now() - 2 * 60 * 60_000, 501);
  await called(olga, stage.services.clock.now() - 60_000, 1);
  await stage.apply(stage.change("close"));
  await stage.due();
  expect(stage.mailed()).toEqual([expect.stringMatching(/^olga-.*: All clear: /)]);
  stage.services.clock.set(Date.UTC(2026, 2, 3, 5, 0, 1));
  await stage.due();
  expect(stage.who()).toEqual(["anna"]);
});

describe("ALM-1 what gets worse", () => {
  const mild = { severity: "warning" } as const;

  /** A plan from warnings on, newer than those that are there, that calls Wanda after each of these waits. */
  async function planForWarnings(...waitMinutes: number[]) {
    stage.services.clock.advance(1_000);
    const to = { kind: "account", accountId: await stage.person("Wanda") } as const;
    const steps = waitMinutes.map((afterMinutes) => ({ afterMinutes, to }));
    await createEscalationPlan({
      ctx: stage.ctx(),
      input: { customerId: null, name: "Warnings", fromSeverity: "warning", topics: null, hours: "always", steps, repeats: 0 },
    });
  }

  test("calls again where everybody was called about the warning and nobody acknowledged, each time that it gets worse", async () => {
    await planForWarnings(0);
    await stage.apply(stage.change("open", "silent", mild));
    await stage.due();
    await stage.later(60);
    expect(stage.who()).toEqual(["wanda"]);
    await stage.apply(stage.change("open"));
    await stage.due();
    expect(stage.who()).toEqual(["wanda"]);
    await stage.later(60);
    await stage.apply(stage.change("open", "silent", mild));
    await stage.later(60);
    expect(stage.who()).toEqual([]);
    await stage.apply(stage.change("open"));
    await stage.due();
    expect(stage.who()).toEqual(["wanda"]);
  });

  test("takes the plan for failures while that for warnings runs, and then goes on whatever its severity does", async () => {
    await stage.onCall();
    await planForWarnings(0, 15, 15);
    await stage.apply(stage.change("open", "silent", mild));
    await stage.due();
    expect(stage.who()).toEqual(["wanda"]);
    await stage.later(5);
    await stage.apply(stage.change("open"));
    await stage.due();
    expect(stage.who()).toEqual(["anna"]);
    for (const change of [mild, {}]) {
      await stage.later(5);
      await stage.apply(stage.change("open", "silent", change));
      await stage.due();
    }
    expect(stage.who()).toEqual([]);
    await stage.later(5);
    expect(stage.who()).toEqual(["clara"]);
  });
});

describe("ALM-1 an acknowledgement that is taken back", () => {
  /** Acknowledged by somebody, who was heard by all who were called. */
  async function acknowledged(afterMinutes: number) {
    const [effect] = await stage.apply(stage.change("open"));
    await stage.due();
    if (afterMinutes > 0) await stage.later(afterMinutes);
    const input = { findingId: effect!.findingId };
    await acknowledgeFinding({ ctx: stage.ctx(), input: { ...input, note: "" } });
    await stage.due();
    stage.mailed();
    return input;
  }

  test("calls anew, from the first on, where the calls had ended with it", async () => {
    await stage.onCall();
    const input = await acknowledged(0);
    await stage.later(15);
    expect(stage.who()).toEqual([]);
    await reopenFinding({ ctx: stage.ctx(), input });
    await stage.due();
    expect(stage.who()).toEqual(["anna"]);
    await stage.later(15);
    expect(stage.who()).toEqual(["clara"]);
  });

  test("before the next would have been called, leaves the calls as they were", async () => {
    await stage.onCall();
    const input = await acknowledged(0);
    await stage.later(5);
    await reopenFinding({ ctx: stage.ctx(), input });
    await stage.due();
    expect(stage.who()).toEqual([]);
    await stage.later(10);
    expect(stage.who()).toEqual(["clara"]);
  });

  test("calls those who were told that it was taken on, where all steps were through", async () => {
    await stage.onCall([{ afterMinutes: 0, to: { kind: "account", accountId: await stage.person("Wanda") } }]);
    const input = await acknowledged(10);
    await reopenFinding({ ctx: stage.ctx(), input });
    await stage.due();
    expect(stage.who()).toEqual(["wanda"]);
  });

  test("waits for the hours of the plan", async () => {
    await stage.onCall();
    const { items } = await listEscalationPlans({ ctx: stage.ctx(), input: {} });
    await changeEscalationPlan({ ctx: stage.ctx(), input: { ...items[0]!, hours: "service" } });
    const input = await acknowledged(0);
    await stage.later(15);
    // A Monday evening at 22:00 in Berlin.
    stage.services.clock.set(Date.UTC(2026, 2, 2, 21, 0));
    // Somebody of this customer alone may.
    await reopenFinding({ ctx: stage.ctx({ customers: [stage.tenant.first.customerId] }), input });
    await stage.due();
    expect(stage.who()).toEqual([]);
    stage.services.clock.set(Date.UTC(2026, 2, 3, 8, 0));
    await stage.due();
    expect(stage.who()).toEqual(["anna"]);
  });
});
