import { codeOf } from "@hauswart/testkit/code-of.ts";
import { routingStage } from "@hauswart/testkit/routing-stage.ts";
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { listAudit } from "../audit/list-audit.ts";
import { createMaintenanceWindow } from "../maintenance/create-maintenance-window.ts";
import { endMaintenance } from "../maintenance/end-maintenance.ts";
import { changeEscalationPlan } from "./escalation/change-escalation-plan.ts";
import { changeRota } from "./rota/change-rota.ts";
import { createRotaOverride } from "./rota/create-rota-override.ts";
import { getOnCall } from "./rota/get-on-call.ts";
import { getRotaCalendar } from "./rota/get-rota-calendar.ts";
import { listRotas } from "./rota/list-rotas.ts";

setDefaultTimeout(60_000);
const stage = routingStage();

const rotaOf = async () => (await listRotas({ ctx: stage.ctx(), input: {} })).items[0]!;
const onCallNow = async () => (await getOnCall({ ctx: stage.ctx(), input: {} })).items.map(({ name }) => name);
const lastAudit = async (action: string) => (await listAudit({ ctx: stage.ctx(), input: { limit: 1, action } })).items[0]!.detail;

describe("a rota that is changed", () => {
  test("holds at once, for what is on its way too", async () => {
    const { clara } = await stage.onCall();
    await stage.apply(stage.change("open"));
    await stage.due();
    expect(stage.who()).toEqual(["anna"]);
    const dora = await stage.person("Dora");
    const { rotaId, revision, name, timeZone, layers } = await rotaOf();
    const changed = { rotaId, revision, name, timeZone, layers: [layers[0]!, { ...layers[1]!, accountIds: [dora, clara] }] };
    await changeRota({ ctx: stage.ctx(), input: changed });
    expect(await onCallNow()).toEqual(["Anna", "Dora"]);
    await stage.later(15);
    expect(stage.who()).toEqual(["dora"]);
  });

  test("of two who edit at once the second is refused; the log has both states", async () => {
    await stage.onCall();
    const rota = await rotaOf();
    await changeRota({ ctx: stage.ctx(), input: { ...rota, name: "Nights" } });
    expect(await codeOf(changeRota({ ctx: stage.ctx(), input: { ...rota, name: "Days" } }))).toBe("CONFLICT");
    expect(await rotaOf()).toMatchObject({ name: "Nights", revision: 2 });
    expect(await lastAudit("rota.change")).toMatchObject({ before: { name: "On call" }, change: { name: "Nights" } });
  });

  test("keeps a layer that a plan needs, and lets the stand-ins of one go that nothing needs", async () => {
    const { rotaId, plan, clara } = await stage.onCall();
    const now = stage.services.clock.now();
    const span = { from: new Date(now).toISOString(), until: new Date(now + 86_400_000).toISOString() };
    await createRotaOverride({ ctx: stage.ctx(), input: { rotaId, layer: 1, accountId: clara, ...span, note: "" } });
    const rota = await rotaOf();
    const shorter = { ...rota, layers: [rota.layers[0]!] };
    expect(await codeOf(changeRota({ ctx: stage.ctx(), input: shorter }))).toBe("INVALID_REQUEST");
    await changeEscalationPlan({ ctx: stage.ctx(), input: { ...plan, steps: [plan.steps[0]!] } });
    await changeRota({ ctx: stage.ctx(), input: shorter });
    expect((await getRotaCalendar({ ctx: stage.ctx(), input: { rotaId, ...span } })).overrides).toEqual([]);
    expect(await lastAudit("rota.change")).toMatchObject({ standIns: [{ accountId: clara, layer: 1 }] });
  });

  test("somebody who cannot sign in any more may stay in it, and does not come in anew", async () => {
    const { anna, ben, clara } = await stage.onCall();
    const left = await stage.person("Left");
    await stage.database.unwalled("a test", (tx) =>
      tx.sql("update hauswart.account set disabled_at = now() where account_id = any($1::uuid[])", [[ben, left]]),
    );
    const rota = await rotaOf();
    const layer = (accountIds: (typeof anna)[]) => ({ ...rota, layers: [{ ...rota.layers[0]!, accountIds }, rota.layers[1]!] });
    expect(await codeOf(changeRota({ ctx: stage.ctx(), input: layer([anna, left]) }))).toBe("INVALID_REQUEST");
    expect(await changeRota({ ctx: stage.ctx(), input: layer([anna, ben, clara]) })).toMatchObject({ revision: 2 });
  });
});

describe("an escalation plan that is changed", () => {
  test("a shorter wait counts for what is on its way, from when the step before was told", async () => {
    const { plan } = await stage.onCall();
    await stage.apply(stage.change("open"));
    await stage.due();
    await stage.later(6);
    expect(stage.who()).toEqual(["anna"]);
    const steps = plan.steps.map((step, index) => (index === 1 ? { ...step, afterMinutes: 5 } : step));
    await changeEscalationPlan({ ctx: stage.ctx(), input: { ...plan, steps } });
    await stage.due();
    expect(stage.who()).toEqual(["clara"]);
    expect(await lastAudit("escalation-plan.change")).toMatchObject({
      before: { steps: plan.steps },
      change: { steps },
      escalations: 1,
    });
  });

  test("a longer wait too, and nobody is told twice", async () => {
    const { plan } = await stage.onCall();
    await stage.apply(stage.change("open"));
    await stage.due();
    expect(stage.who()).toEqual(["anna"]);
    const steps = plan.steps.map((step, index) => (index === 1 ? { ...step, afterMinutes: 25 } : step));
    await changeEscalationPlan({ ctx: stage.ctx(), input: { ...plan, steps } });
    await stage.later(20);
    expect(stage.who()).toEqual([]);
    await stage.later(5);
    expect(stage.who()).toEqual(["clara"]);
  });

  test("what maintenance holds is looked at as soon as ever", async () => {
    const { plan } = await stage.onCall();
    await stage.apply(stage.change("open"));
    await stage.due();
    expect(stage.who()).toEqual(["anna"]);
    const { maintenanceWindowId } = await createMaintenanceWindow({
      ctx: stage.ctx(),
      input: {
        scope: "device",
        scopeId: stage.deviceId,
        customerId: null,
        name: "Repair",
        graceMinutes: 0,
        afterEnd: "tell",
        when: { kind: "now", minutes: 60 },
      },
    });
    await stage.later(15);
    const steps = plan.steps.map((step, index) => (index === 1 ? { ...step, afterMinutes: 240 } : step));
    await changeEscalationPlan({ ctx: stage.ctx(), input: { ...plan, steps } });
    await endMaintenance({ ctx: stage.ctx(), input: { maintenanceWindowId } });
    await stage.later(1);
    expect(stage.who()).toEqual(["anna"]);
  });

  test.each([
    { minutes: 0, first: 9 * 60 },
    { minutes: 120, first: 9 * 60 },
    { minutes: 240, first: 10 * 60 },
  ])("a first wait of $minutes minutes instead of 60 calls nobody before the hours of the plan", async ({ minutes, first }) => {
    const after = (afterMinutes: number) => [{ afterMinutes, to: { kind: "owners" as const } }];
    const { plan } = await stage.onCall(after(60));
    const changed = await changeEscalationPlan({ ctx: stage.ctx(), input: { ...plan, hours: "service" } });
    // A Tuesday in Berlin; service hours begin at nine.
    const at = (minute: number) => stage.services.clock.set(Date.UTC(2026, 2, 2, 23) + minute * 60_000);
    at(6 * 60);
    await stage.apply(stage.change("open"));
    at(6 * 60 + 30);
    await changeEscalationPlan({ ctx: stage.ctx(), input: { ...changed, steps: after(minutes) } });
    at(first - 1);
    await stage.due();
    expect(stage.who()).toEqual([]);
    at(first);
    await stage.due();
    expect(stage.who()).toEqual(["olga"]);
  });

  test("of two who edit at once the second is refused", async () => {
    const { plan } = await stage.onCall();
    expect(await changeEscalationPlan({ ctx: stage.ctx(), input: { ...plan, repeats: 3 } })).toMatchObject({ revision: 2, repeats: 3 });
    expect(await codeOf(changeEscalationPlan({ ctx: stage.ctx(), input: { ...plan, repeats: 4 } }))).toBe("CONFLICT");
  });
});
