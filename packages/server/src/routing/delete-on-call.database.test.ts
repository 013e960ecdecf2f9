/** Rotas, stand-ins and plans that are deleted, and what becomes of an alarm that is on its way through them. */
import { codeOf } from "@hauswart/testkit/code-of.ts";
import { routingStage } from "@hauswart/testkit/routing-stage.ts";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { listAudit } from "../audit/list-audit.ts";
import { acknowledgeFinding } from "../findings/acknowledge-finding.ts";
import { getFinding } from "../findings/get-finding.ts";
import { changeEscalationPlan } from "./escalation/change-escalation-plan.ts";
import { createEscalationPlan } from "./escalation/create-escalation-plan.ts";
import { deleteEscalationPlan } from "./escalation/delete-escalation-plan.ts";
import { listEscalationPlans } from "./escalation/list-escalation-plans.ts";
import { createRotaOverride } from "./rota/create-rota-override.ts";
import { deleteRotaOverride } from "./rota/delete-rota-override.ts";
import { deleteRota } from "./rota/delete-rota.ts";
import { getOnCall } from "./rota/get-on-call.ts";
import { getRotaCalendar } from "./rota/get-rota-calendar.ts";
import { listRotas } from "./rota/list-rotas.ts";
import { runDueEscalations } from "./start-routing.ts";

setDefaultTimeout(60_000);
const stage = routingStage();

const removeRota = (rotaId: string) => deleteRota({ ctx: stage.ctx(), input: { rotaId } });
const removePlan = (planId: string) => deleteEscalationPlan({ ctx: stage.ctx(), input: { planId } });
const onCallNow = async () => (await getOnCall({ ctx: stage.ctx(), input: {} })).items.map(({ name }) => name);
const logged = async (action: string) => (await listAudit({ ctx: stage.ctx(), input: { limit: 5, action } })).items;
const open = (sql: string) => stage.database.unwalled("look of a test", (tx) => tx.sql(sql, [stage.tenant.providerId]));

describe("a rota that is deleted", () => {
  test("stays while a plan needs it, which the refusal names; afterwards it goes with its stand-ins", async () => {
    const { rotaId, plan, clara } = await stage.onCall();
    const now = stage.services.clock.now();
    const span = { from: new Date(now).toISOString(), until: new Date(now + 86_400_000).toISOString() };
    await createRotaOverride({ ctx: stage.ctx(), input: { rotaId, layer: 0, accountId: clara, ...span, note: "" } });
    const refused = await removeRota(rotaId).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "IN_USE", extra: { usedBy: [{ kind: "escalation-plan", name: plan.name }] } });
    expect(await logged("rota.delete")).toEqual([]);
    await removePlan(plan.planId);
    await removeRota(rotaId);
    expect((await listRotas({ ctx: stage.ctx(), input: {} })).items).toEqual([]);
    expect(await onCallNow()).toEqual([]);
    expect(await open("select 1 from hauswart.rota_override where provider_id = $1")).toEqual([]);
    expect(await logged("rota.delete")).toMatchObject([{ subjectId: rotaId, detail: { name: "On call" } }]);
    expect(await codeOf(removeRota(rotaId))).toBe("NOT_FOUND");
  });
});

describe("a stand-in that is taken back", () => {
  test("gives the shift back to whose turn it is, at once", async () => {
    const { rotaId, clara } = await stage.onCall();
    const usual = await onCallNow();
    const now = stage.services.clock.now();
    const span = { from: new Date(now - 3_600_000).toISOString(), until: new Date(now + 3_600_000).toISOString() };
    const input = { rotaId, layer: 0, accountId: clara, ...span, note: "swapped" };
    const { overrideId } = await createRotaOverride({ ctx: stage.ctx(), input });
    expect(await onCallNow()).toEqual(["Clara", "Clara"]);
    await deleteRotaOverride({ ctx: stage.ctx(), input: { overrideId } });
    expect(await onCallNow()).toEqual(usual);
    expect((await getRotaCalendar({ ctx: stage.ctx(), input: { rotaId, ...span } })).overrides).toEqual([]);
    expect(await logged("rota-override.delete")).toMatchObject([{ subjectId: rotaId, detail: { accountId: clara, note: "swapped" } }]);
    expect(await codeOf(deleteRotaOverride({ ctx: stage.ctx(), input: { overrideId } }))).toBe("NOT_FOUND");
  });
});

describe("an escalation plan that is deleted", () => {
  test("calls nobody any more for what is on its way; who was called hears that it is over", async () => {
    const { plan } = await stage.onCall();
    await stage.apply(stage.change("open"));
    await stage.due();
    expect(stage.who()).toEqual(["anna"]);
    await removePlan(plan.planId);
    expect(await open("select 1 from hauswart.escalation where provider_id = $1")).toEqual([]);
    await stage.later(120);
    expect(stage.who()).toEqual([]);
    await stage.apply(stage.change("close"));
    await stage.due();
    expect(stage.who()).toEqual(["anna"]);
    expect((await listEscalationPlans({ ctx: stage.ctx(), input: {} })).items).toEqual([]);
    expect(await logged("escalation-plan.delete")).toMatchObject([
      { subjectId: plan.planId, detail: { name: plan.name, steps: plan.steps } },
    ]);
    expect([await codeOf(removePlan(plan.planId)), await codeOf(removePlan(newId()))]).toEqual(["NOT_FOUND", "NOT_FOUND"]);
  });

  describe("before anybody was called", () => {
    const nobodyKnows = "Sonst wurde niemand benachrichtigt: Von diesem Befund weiß niemand.";
    const last = async (findingId: Id) =>
      (await getFinding({ ctx: stage.ctx(), input: { findingId } })).events.findLast(({ kind }) => kind === "mailed")?.note;
    const nobodyTold = async () =>
      Number(/^hauswart_findings_nobody_told_total (\d+)/m.exec(await stage.services.metrics.text())?.[1] ?? 0);

    /** Two findings of a night, one of them acknowledged, that wait for the service hours of a plan. */
    async function waiting() {
      const { plan } = await stage.onCall();
      const { planId, revision: _, ...same } = await changeEscalationPlan({ ctx: stage.ctx(), input: { ...plan, hours: "service" } });
      // A Tuesday, three o'clock in Berlin.
      stage.services.clock.set(Date.UTC(2026, 2, 3, 2, 0));
      const [open, known] = await stage.apply(stage.change("open"), stage.change("open", "silent", { subject: "other" }));
      await acknowledgeFinding({ ctx: stage.ctx(), input: { findingId: known!.findingId, note: "" } });
      await stage.due();
      expect(stage.who()).toEqual([]);
      return { planId, same, open: open!.findingId, known: known!.findingId };
    }

    test("lets the plan that fits by then begin", async () => {
      const { planId, same } = await waiting();
      await createEscalationPlan({ ctx: stage.ctx(), input: { ...same, name: "New", steps: [same.steps[2]!] } });
      await removePlan(planId);
      stage.services.clock.set(Date.UTC(2026, 2, 3, 8, 30));
      await stage.due();
      expect(stage.who()).toEqual(["olga"]);
      expect(await nobodyTold()).toBe(0);
    });

    test("says and counts that nobody knows, where no other plan fits; of what is acknowledged somebody does", async () => {
      const { planId, open, known } = await waiting();
      await removePlan(planId);
      expect([await last(open), await nobodyTold()]).toEqual([nobodyKnows, 1]);
      expect(await last(known)).not.toBe(nobodyKnows);
    });

    test("and at the same moment as others call, one waits for the other", async () => {
      const { planId, same } = await waiting();
      await createEscalationPlan({ ctx: stage.ctx(), input: { ...same, name: "New", steps: [same.steps[2]!] } });
      stage.services.clock.set(Date.UTC(2026, 2, 3, 8, 30));
      await Promise.all([removePlan(planId), runDueEscalations(stage.services), runDueEscalations(stage.services)]);
      await stage.later(30);
      expect([["olga"], ["anna"]]).toContainEqual(stage.who() as string[]);
    });
  });

  test("leaves what is on its way through another plan", async () => {
    const { plan, rotaId } = await stage.onCall();
    const steps = [
      { afterMinutes: 0, to: { kind: "rota" as const, rotaId, layer: 0 } },
      { afterMinutes: 15, to: { kind: "rota" as const, rotaId, layer: 1 } },
    ];
    const { planId: _, revision: __, ...same } = plan;
    const other = await createEscalationPlan({
      ctx: stage.ctx(),
      input: { ...same, name: "Other", customerId: stage.tenant.first.customerId, steps },
    });
    await stage.apply(stage.change("open"));
    await stage.due();
    const first = stage.who();
    await removePlan(plan.planId);
    await stage.later(15);
    expect([first.includes("anna"), stage.who()]).toEqual([true, ["clara"]]);
    expect((await listEscalationPlans({ ctx: stage.ctx(), input: {} })).items.map(({ planId }) => planId)).toEqual([other.planId]);
  });
});
