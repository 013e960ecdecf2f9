/**
 * Tells those who are on call, step by step, until somebody acknowledges. A round is one transaction: it takes due rows, writes the
 * messages into the outboxes and moves the rows on. So a process that dies in the middle has told nobody, and one that comes back
 * finds what is due by then; nobody is told twice.
 */
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import type { EscalationPlan } from "@hauswart/protocol/api/routing.ts";
import { mayTakeOn } from "../../access/rights.ts";
import { systemContext, type Context } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { actionLinkMark } from "../../mail/action-links.ts";
import type { LetterItem } from "../../mail/compose/decide.ts";
import { gatheringMs, leavesAtMs } from "../../mail/compose/gathering.ts";
import type { Material } from "../../mail/compose/material.ts";
import * as store from "../../mail/compose/store.ts";
import { writeLetters } from "../../mail/compose/write-letters.ts";
import { noteNobodyCalled } from "../../mail/reports/not-arrived.ts";
import type { Services } from "../../services.ts";
import { readProviderSettings } from "../../tenancy/provider-settings.ts";
import { isoTime } from "../../times.ts";
import { routingHours } from "../hours.ts";
import type { Person } from "../rotas.ts";
import { callMaterial, noteCall } from "./call-material.ts";
import { callNotes, callWords } from "./call-texts.ts";
import {
  beginAnew,
  dueAtOnce,
  endEscalations,
  hold,
  lockEscalations,
  moveOn,
  postpone,
  takeDue,
  uncalledOf,
  waitForDuty,
  type DueEscalation,
} from "./due.ts";
import { nextDutyMs, peopleAt, readDuty, type Duty } from "./duty.ts";
import { lettersToPerson } from "./letters-to-person.ts";
import { noteWaiting } from "./note-waiting.ts";
import { nextStanding } from "./plan.ts";
import { readPlans } from "./plan-row.ts";

/** @returns whether there may be more to do at once */
export async function runEscalations(services: Services, providerId: Id): Promise<boolean> {
  const hours = await routingHours(services, providerId);
  const ctx = systemContext(services, providerId, "escalation");
  return services.database.transaction(ctx, async (tx) => {
    await lockEscalations(tx, providerId);
    const nowMs = services.clock.now();
    const due = await takeDue(tx, providerId, nowMs);
    if (due.length === 0) return false;
    const over = due.filter(({ is_over }) => is_over);
    const acknowledged = due.filter(({ is_over, is_acknowledged }) => !is_over && is_acknowledged);
    await endEscalations(tx, providerId, idsOf(over), "over", nowMs);
    await endEscalations(tx, providerId, idsOf(acknowledged), "acknowledged", nowMs);
    const open = due.filter(({ is_over, is_acknowledged }) => !is_over && !is_acknowledged);
    await holdBack(
      tx,
      ctx,
      open.filter(({ held }) => held !== null),
    );
    const waiting = await released(
      tx,
      providerId,
      open.filter(({ held }) => held === null),
    );
    const duty = await readDuty(tx, ctx, hours, nowMs);
    const plans = new Map((await readPlans(tx, providerId)).map((plan) => [plan.planId, plan]));
    let isMore = due.length === dueAtOnce;
    for (const [planId, escalations] of Map.groupBy(waiting, ({ plan_id }) => plan_id))
      isMore = (await runPlan(tx, ctx, duty, plans.get(planId)!, escalations)) || isMore;
    return isMore;
  });
}

const idsOf = (escalations: readonly DueEscalation[]): Id[] => escalations.map(({ finding_id }) => finding_id);

/** While maintenance runs, or something found later explains them, nobody is called; their history says so once. */
async function holdBack(tx: Tx, ctx: Context, escalations: readonly DueEscalation[]): Promise<void> {
  if (escalations.length === 0) return;
  const { services, providerId } = ctx;
  await hold(tx, providerId, escalations, services.clock.now());
  const provider = await readProviderSettings(tx, ctx);
  for (const [by, begun] of Map.groupBy(
    escalations.filter(({ held, held_by }) => held !== held_by),
    ({ held }) => held!,
  ))
    await noteCall(tx, providerId, await callMaterial(tx, ctx, idsOf(begun), provider), callNotes[provider.language].held[by], 0);
}

/** What was held back is told like a new finding. */
async function released(tx: Tx, providerId: Id, escalations: readonly DueEscalation[]): Promise<DueEscalation[]> {
  const held = escalations.filter(({ held_by }) => held_by !== null);
  if (held.length > 0) await beginAnew(tx, providerId, idsOf(held));
  return escalations.map((one) => (one.held_by === null ? one : { ...one, round: 0, step: 0 }));
}

/** Findings of one plan; what begins within a minute of a call is told together, and what follows comes at its time. */
async function runPlan(tx: Tx, ctx: Context, duty: Duty, plan: EscalationPlan, escalations: readonly DueEscalation[]): Promise<boolean> {
  const { services, providerId } = ctx;
  const nowMs = services.clock.now();
  const [row] = await tx.sql<{ last_told_at: Date | null }>(
    "select last_told_at from hauswart.escalation_plan where provider_id = $1 and plan_id = $2 for update",
    [providerId, plan.planId],
  );
  const leavesMs = leavesAtMs(row?.last_told_at?.getTime(), nowMs);
  const gathered = leavesMs > nowMs ? escalations.filter(({ round, step }) => round === 0 && step === 0) : [];
  if (gathered.length > 0) await postpone(tx, providerId, idsOf(gathered), Math.min(leavesMs, nowMs + gatheringMs));
  const leaving = escalations.filter((one) => !gathered.includes(one));
  let isMore = false;
  for (const same of Map.groupBy(leaving, ({ round, step }) => `${round} ${step}`).values())
    isMore = (await runStep(tx, ctx, duty, plan, same)) || isMore;
  return isMore;
}

/** Findings that stand at the same step. @returns whether the next step is due at once, because nobody can be called at this one */
async function runStep(tx: Tx, ctx: Context, duty: Duty, plan: EscalationPlan, escalations: readonly DueEscalation[]): Promise<boolean> {
  // A plan that was made shorter meanwhile goes on with its last step.
  const at = Math.min(escalations[0]!.step, plan.steps.length - 1);
  const meant = peopleAt(duty, plan.steps[at]!.to, ctx.services.clock.now());
  const able = (customerId: Id | null) => meant.filter(({ rights }) => mayTakeOn(rights, customerId));
  let isMore = false;
  for (const same of Map.groupBy(escalations, ({ customer_id }) =>
    able(customer_id)
      .map(({ accountId }) => accountId)
      .join(),
  ).values())
    isMore = (await callAbout(tx, ctx, duty, plan, same, { at, meant, people: able(same[0]!.customer_id) })) || isMore;
  return isMore;
}

interface Turn {
  /** Place of the step in the plan, from 0. */
  readonly at: number;
  readonly meant: readonly Person[];
  /** Those of them who may see and take on these findings. */
  readonly people: readonly Person[];
}

async function callAbout(
  tx: Tx,
  ctx: Context,
  duty: Duty,
  plan: EscalationPlan,
  escalations: readonly DueEscalation[],
  { at, meant, people }: Turn,
): Promise<boolean> {
  const { services, providerId } = ctx;
  const nowMs = services.clock.now();
  const findingIds = idsOf(escalations);
  const { round } = escalations[0]!;
  const following = nextStanding(plan, { round, step: at }, people.length > 0);
  const isInRound = following !== undefined && following.round === round;
  const provider = await readProviderSettings(tx, ctx);
  const material = await callMaterial(tx, ctx, findingIds, provider);
  for (const person of people) await call(tx, ctx, plan, material, { person, step: at + 1, nextMs: following?.afterMs, findingIds });
  const notes = callNotes[provider.language];
  const passed = meant.filter((person) => !people.includes(person));
  if (people.length > 0) await noteCall(tx, providerId, material, notes.told(namesOf(people), at + 1), people.length);
  if (passed.length > 0) await noteCall(tx, providerId, material, notes.passedOver(namesOf(passed), at + 1), 0);
  if (meant.length === 0) await noteCall(tx, providerId, material, notes.nobody(at + 1), 0);
  if (people.length > 0)
    await tx.sql("update hauswart.escalation_plan set last_told_at = $3 where provider_id = $1 and plan_id = $2", [
      providerId,
      plan.planId,
      isoTime(nowMs),
    ]);
  const uncalled = people.length === 0 && !isInRound ? await uncalledOf(tx, providerId, findingIds) : [];
  const waiting = await awaitDuty(tx, ctx, duty, plan, material, uncalled);
  const rest = findingIds.filter((findingId) => !waiting.has(findingId));
  if (following) {
    await moveOn(tx, providerId, rest, following, nowMs);
    return following.afterMs === 0;
  }
  await endEscalations(tx, providerId, rest, "ended", nowMs);
  await noteCall(tx, providerId, only(material, rest), notes.ended, 0);
  await noteNobodyCalled(
    tx,
    ctx,
    uncalled.filter((findingId) => !waiting.has(findingId)),
  );
  return false;
}

/** Findings of which a whole round has told nobody begin anew with the next shift. @returns those; for the others there is none */
async function awaitDuty(
  tx: Tx,
  ctx: Context,
  duty: Duty,
  plan: EscalationPlan,
  { findings, nowMs }: Material,
  uncalled: readonly Id[],
): Promise<ReadonlySet<Id>> {
  const of = (findingId: Id) => findings.get(findingId)!;
  const waiting = new Set<Id>();
  for (const [customerId, own] of Map.groupBy(uncalled, (findingId) => of(findingId).customerId)) {
    const untilMs = nextDutyMs(duty, plan.steps, customerId, nowMs);
    if (untilMs === undefined) continue;
    await waitForDuty(tx, ctx.providerId, own, untilMs);
    await noteWaiting(tx, ctx, own.map(of), untilMs);
    for (const findingId of own) waiting.add(findingId);
  }
  return waiting;
}

const only = (material: Material, findingIds: readonly Id[]): Material => ({
  ...material,
  findings: new Map(findingIds.map((findingId) => [findingId, material.findings.get(findingId)!])),
});

const namesOf = (people: readonly Person[]) => people.map(({ name }) => name).join(", ");

interface Call {
  readonly person: Person;
  readonly step: number;
  readonly nextMs: number | undefined;
  readonly findingIds: readonly Id[];
}

/** A mail with the link that acknowledges, and a message on each channel that the person has chosen for being on call. */
async function call(
  tx: Tx,
  ctx: Context,
  plan: EscalationPlan,
  material: Material,
  { person, step, nextMs, findingIds }: Call,
): Promise<void> {
  const { services, providerId } = ctx;
  const callId = newId(material.nowMs);
  await tx.sql(
    "insert into hauswart.escalation_call (provider_id, call_id, account_id, finding_ids, called_at) values ($1, $2, $3, $4::uuid[], $5)",
    [providerId, callId, person.accountId, findingIds, isoTime(material.nowMs)],
  );
  const items = findingIds.map((findingId): LetterItem => ({ findingId, told: "alarm", severityBefore: undefined }));
  const letters = await lettersToPerson(tx, providerId, person, { fromSeverity: plan.fromSeverity, items });
  const customers = new Set([...material.findings.values()].map(({ customerId }) => customerId));
  await writeLetters(tx, services, providerId, material, letters, {
    place: { customerId: customers.size === 1 ? [...customers][0]! : null, siteId: store.noSite },
    more: ({ channel }) =>
      callWords(person.language, {
        name: person.name,
        plan: plan.name,
        step,
        nextMinutes: nextMs === undefined ? undefined : Math.round(nextMs / 60_000),
        findings: findingIds.length,
        // The link is put in when a mail leaves; the other channels' services read along.
        link: channel === "mail" ? actionLinkMark("acknowledge", callId) : undefined,
      }),
  });
}
