/** What becomes of an alarm at a time at which nobody is on duty. */
import { expect, setDefaultTimeout, test } from "bun:test";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { RotaLayer } from "@hauswart/protocol/api/routing.ts";
import { routingStage } from "@hauswart/testkit/routing-stage.ts";
import { acknowledgeFinding } from "../../findings/acknowledge-finding.ts";
import { getFinding } from "../../findings/get-finding.ts";
import { isoTime } from "../../times.ts";
import { previewRouting } from "../preview-routing.ts";
import { createRota } from "../rota/create-rota.ts";
import { changeRota } from "../rota/change-rota.ts";
import { createRotaOverride } from "../rota/create-rota-override.ts";
import { deleteRotaOverride } from "../rota/delete-rota-override.ts";
import { listRotas } from "../rota/list-rotas.ts";
import { createEscalationPlan } from "./create-escalation-plan.ts";

setDefaultTimeout(60_000);
const stage = routingStage();

/** A Tuesday, three o'clock in Berlin; service hours begin at nine. */
const night = Date.UTC(2026, 2, 3, 2, 0);
const minuteMs = 60_000;
const morning = Date.UTC(2026, 2, 3, 8, 0);

/** One after the other by day: Anna, and after a quarter of an hour Clara. */
async function byDay(layers: Partial<RotaLayer> = {}, plan: { readonly hours?: "always" | "service"; readonly repeats?: number } = {}) {
  const [anna, clara] = [await stage.person("Anna"), await stage.person("Clara")];
  const layer = (name: string, accountId: Id): RotaLayer => ({
    name,
    hours: "service",
    startsOn: "2026-03-02",
    handover: { weekday: 1, time: "08:00" },
    everyWeeks: 1,
    accountIds: [accountId],
    ...layers,
  });
  const { rotaId } = await createRota({
    ctx: stage.ctx(),
    input: { name: "By day", timeZone: "Europe/Berlin", layers: [layer("First", anna), layer("Second", clara)] },
  });
  const steps = [0, 1].map((index) => ({ afterMinutes: index * 15, to: { kind: "rota" as const, rotaId, layer: index } }));
  await createEscalationPlan({
    ctx: stage.ctx(),
    input: { customerId: null, name: "Failures", fromSeverity: "failure", topics: null, hours: "always", repeats: 0, ...plan, steps },
  });
  stage.services.clock.set(night);
  return { rotaId, anna, clara };
}

const notes = async (findingId: Id) =>
  (await getFinding({ ctx: stage.ctx(), input: { findingId } })).events.flatMap(({ note }) => note ?? []);
const nobodyTold = async () => Number(/^hauswart_findings_nobody_told_total (\d+)/m.exec(await stage.services.metrics.text())?.[1] ?? 0);

test.each([{ repeats: 0 }, { repeats: 2 }, { hours: "service" }] as const)(
  "ALM-1 who has the first shift is called when it begins, and then on (%j)",
  async (plan) => {
    await byDay({}, plan);
    const preview = await previewRouting({ ctx: stage.ctx(), input: { deviceId: stage.deviceId, check: "device", severity: "failure" } });
    expect(preview.answers.map(({ name, at }) => [name, at])).toEqual([
      ["Anna", "2026-03-03T08:00:00.000Z"],
      ["Clara", "2026-03-03T08:15:00.000Z"],
    ]);
    const [effect] = await stage.apply(stage.change("open"));
    await stage.due();
    for (let hours = 0; hours < 4; hours++) await stage.later(60);
    expect(stage.who()).toEqual([]);
    expect((await notes(effect!.findingId)).filter((note) => note.includes("Gerufen wird ab"))).toEqual([
      "Bereitschaft: Jetzt ist niemand im Dienst. Gerufen wird ab 03.03.2026, 09:00.",
    ]);
    stage.services.clock.set(morning);
    await stage.due();
    expect(stage.who()).toEqual(["anna"]);
    await stage.later(15);
    expect(stage.who()).toEqual(["clara"]);
    expect(await nobodyTold()).toBe(0);
  },
);

test("who acknowledged it meanwhile spares everybody the call", async () => {
  await byDay();
  const [effect] = await stage.apply(stage.change("open"));
  await stage.due();
  await acknowledgeFinding({ ctx: stage.ctx(), input: { findingId: effect!.findingId, note: "" } });
  stage.services.clock.set(morning);
  await stage.due();
  expect(stage.who()).toEqual([]);
});

test("a stand-in of some days later is the next shift", async () => {
  const { rotaId, clara } = await byDay({ startsOn: "2026-06-01" });
  const input = { rotaId, layer: 0, accountId: clara, from: "2026-03-05T09:30:00.000Z", until: "2026-03-05T12:00:00.000Z", note: "" };
  await createRotaOverride({ ctx: stage.ctx(), input });
  await stage.apply(stage.change("open"));
  await stage.due();
  stage.services.clock.set(Date.parse(input.from) - 1);
  await stage.due();
  expect(stage.who()).toEqual([]);
  stage.services.clock.set(Date.parse(input.from));
  await stage.due();
  expect(stage.who()).toEqual(["clara"]);
});

test("a stand-in that is entered while it waits for the next shift is called, at once or when it begins", async () => {
  const { rotaId, clara } = await byDay({ hours: "always", startsOn: "2026-03-09" });
  const [effect] = await stage.apply(stage.change("open"));
  await stage.due();
  await stage.later(30);
  const standIn = (fromMs: number, untilMs: number) =>
    createRotaOverride({
      ctx: stage.ctx(),
      input: { rotaId, layer: 0, accountId: clara, from: isoTime(fromMs), until: isoTime(untilMs), note: "" },
    });
  const { overrideId } = await standIn(night + 120 * minuteMs, night + 180 * minuteMs);
  await stage.later(30);
  expect(stage.who()).toEqual([]);
  await deleteRotaOverride({ ctx: stage.ctx(), input: { overrideId } });
  await stage.later(75);
  expect(stage.who()).toEqual([]);
  await standIn(night + 130 * minuteMs, night + 180 * minuteMs);
  await stage.due();
  expect(stage.who()).toEqual(["clara"]);
  expect((await notes(effect!.findingId)).filter((note) => note.includes("Gerufen wird ab"))).toEqual([
    "Bereitschaft: Jetzt ist niemand im Dienst. Gerufen wird ab 09.03.2026, 08:00.",
    "Bereitschaft: Jetzt ist niemand im Dienst. Gerufen wird ab 03.03.2026, 05:00.",
    "Bereitschaft: Jetzt ist niemand im Dienst. Gerufen wird ab 09.03.2026, 08:00.",
  ]);
});

test("what ended because nobody ever has a shift begins anew with a rota that has one, and what is acknowledged does not", async () => {
  const { rotaId } = await byDay({ startsOn: "2030-01-01" });
  const [, known] = await stage.apply(stage.change("open"), stage.change("open", "silent", { subject: "other" }));
  await stage.due();
  await acknowledgeFinding({ ctx: stage.ctx(), input: { findingId: known!.findingId, note: "" } });
  const { revision, name, timeZone, layers } = (await listRotas({ ctx: stage.ctx(), input: {} })).items.find(
    (one) => one.rotaId === rotaId,
  )!;
  await changeRota({
    ctx: stage.ctx(),
    input: { rotaId, revision, name, timeZone, layers: layers.map((layer) => ({ ...layer, hours: "always", startsOn: "2026-03-02" })) },
  });
  await stage.due();
  expect(stage.who()).toEqual(["anna"]);
  expect((await notes(known!.findingId)).filter((note) => note.includes("Anna"))).toEqual([]);
});

test("where nobody ever has a shift, it ends; known to nobody it is counted, and its history says so", async () => {
  await byDay({ startsOn: "2030-01-01" });
  const [effect] = await stage.apply(stage.change("open"));
  await stage.due();
  expect((await notes(effect!.findingId)).slice(-2)).toEqual([
    "Bereitschaft: Alle Stufen sind durchlaufen, niemand hat bestätigt.",
    "Sonst wurde niemand benachrichtigt: Von diesem Befund weiß niemand.",
  ]);
  expect(await nobodyTold()).toBe(1);
  // A recipient besides, and it is known.
  await stage.recipient({ address: "house@example.org" });
  const [known] = await stage.apply(stage.change("open", "silent", { subject: "other" }));
  await stage.due();
  expect((await notes(known!.findingId)).at(-1)).toBe("Bereitschaft: Alle Stufen sind durchlaufen, niemand hat bestätigt.");
  expect(await nobodyTold()).toBe(1);
});

test("by night the plan for the night calls, and that for service hours does not begin besides", async () => {
  await byDay({}, { hours: "service" });
  const nora = await stage.person("Nora");
  await createEscalationPlan({
    ctx: stage.ctx(),
    input: {
      customerId: null,
      name: "Nights",
      fromSeverity: "warning",
      topics: null,
      hours: "outside-service",
      repeats: 0,
      steps: [0, 30].map((afterMinutes) => ({ afterMinutes, to: { kind: "account" as const, accountId: nora } })),
    },
  });
  await stage.apply(stage.change("open"));
  await stage.due();
  await stage.later(30);
  expect(stage.who()).toEqual(["nora", "nora"]);
  stage.services.clock.set(morning);
  await stage.due();
  expect(stage.who()).toEqual([]);
});
