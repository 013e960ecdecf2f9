/**
 * Tells those who are on call, step by step, until somebody acknowledges. A round is one transaction: it takes due rows, writes the
 * messages into the outboxes and moves the rows on. So a process that dies in the middle has told nobody, and one that comes back
 * finds what is due by then; nobody is told twice.
 */
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import type { EscalationPlan, EscalationTarget } from "@hauswart/protocol/api/routing.ts";
import { systemContext, type Context } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { actionLinkMark } from "../../mail/action-links.ts";
import type { Letter, LetterItem } from "../../mail/compose/decide.ts";
import { gatheringMs, leavesAtMs } from "../../mail/compose/gathering.ts";
import { noRepair, type Material } from "../../mail/compose/material.ts";
import * as store from "../../mail/compose/store.ts";
import { writeLetters } from "../../mail/compose/write-letters.ts";
import type { Services } from "../../services.ts";
import { readProviderSettings } from "../../tenancy/provider-settings.ts";
import { isoTime } from "../../times.ts";
import { routingHours, type RoutingHours } from "../hours.ts";
import { shiftAt } from "../rota/shifts.ts";
import { peopleOf, readOverrides, readRotas, timesOf, type OverrideRow, type Person, type RotaRow } from "../rotas.ts";
import { callNotes, callWords } from "./call-texts.ts";
import { dueAtOnce, endEscalations, moveOn, postpone, takeDue, type DueEscalation } from "./due.ts";
import { nextStanding } from "./plan.ts";
import { readPlans } from "./plan-row.ts";

/** Who can be told, and who is on call now. */
export interface Duty {
  readonly people: ReadonlyMap<Id, Person>;
  readonly rotas: readonly RotaRow[];
  readonly overrides: readonly OverrideRow[];
  readonly hours: RoutingHours;
}

/** Reads everything that says who is on call around a moment. */
export async function readDuty(tx: Tx, ctx: Pick<Context, "providerId">, hours: RoutingHours, atMs: number): Promise<Duty> {
  const [people, rotas, overrides] = await Promise.all([peopleOf(tx, ctx), readRotas(tx, ctx), readOverrides(tx, ctx, atMs, atMs + 1)]);
  return { people, rotas, overrides, hours };
}

/** People that a step means at a moment; nobody when nobody is on call then. */
export function peopleAt({ people, rotas, overrides, hours }: Duty, target: EscalationTarget, atMs: number): Person[] {
  if (target.kind === "owners") return [...people.values()].filter(({ role }) => role === "owner");
  if (target.kind === "account") return [people.get(target.accountId)].filter((person) => person !== undefined);
  const rota = rotas.find(({ rota_id }) => rota_id === target.rotaId);
  const shift = rota && shiftAt(timesOf(rota, overrides, hours.serviceAt({ customerId: null, siteId: null })), target.layer, atMs);
  const person = shift && people.get(shift.accountId);
  return person ? [person] : [];
}

/** @returns whether there may be more to do at once */
export async function runEscalations(services: Services, providerId: Id): Promise<boolean> {
  const hours = await routingHours(services, providerId);
  const ctx = systemContext(services, providerId, "escalation");
  return services.database.transaction(ctx, async (tx) => {
    const nowMs = services.clock.now();
    const due = await takeDue(tx, providerId, nowMs);
    if (due.length === 0) return false;
    const over = due.filter(({ is_over }) => is_over);
    const acknowledged = due.filter(({ is_over, is_acknowledged }) => !is_over && is_acknowledged);
    await endEscalations(tx, providerId, idsOf(over), "over", nowMs);
    await endEscalations(tx, providerId, idsOf(acknowledged), "acknowledged", nowMs);
    const waiting = due.filter(({ is_over, is_acknowledged }) => !is_over && !is_acknowledged);
    const duty = await readDuty(tx, ctx, hours, nowMs);
    const plans = new Map((await readPlans(tx, providerId)).map((plan) => [plan.planId, plan]));
    let isMore = due.length === dueAtOnce;
    for (const [planId, escalations] of Map.groupBy(waiting, ({ plan_id }) => plan_id))
      isMore = (await runPlan(tx, ctx, duty, plans.get(planId)!, escalations)) || isMore;
    return isMore;
  });
}

const idsOf = (escalations: readonly DueEscalation[]): Id[] => escalations.map(({ finding_id }) => finding_id);

/** Findings of one plan; what follows on each other within a minute is told together. */
async function runPlan(tx: Tx, ctx: Context, duty: Duty, plan: EscalationPlan, escalations: readonly DueEscalation[]): Promise<boolean> {
  const { services, providerId } = ctx;
  const nowMs = services.clock.now();
  const [row] = await tx.sql<{ last_told_at: Date | null }>(
    "select last_told_at from hauswart.escalation_plan where provider_id = $1 and plan_id = $2 for update",
    [providerId, plan.planId],
  );
  const leavesMs = leavesAtMs(row?.last_told_at?.getTime(), nowMs);
  if (leavesMs > nowMs) {
    await postpone(tx, providerId, idsOf(escalations), Math.min(leavesMs, nowMs + gatheringMs));
    return false;
  }
  let isMore = false;
  for (const same of Map.groupBy(escalations, ({ round, step }) => `${round} ${step}`).values())
    isMore = (await runStep(tx, ctx, duty, plan, same)) || isMore;
  return isMore;
}

/** Findings that stand at the same step. @returns whether the next step is due at once, because nobody is on call at this one */
async function runStep(tx: Tx, ctx: Context, duty: Duty, plan: EscalationPlan, escalations: readonly DueEscalation[]): Promise<boolean> {
  const { services, providerId } = ctx;
  const nowMs = services.clock.now();
  const findingIds = idsOf(escalations);
  const { round, step } = escalations[0]!;
  // A plan that was made shorter meanwhile goes on with its last step.
  const at = Math.min(step, plan.steps.length - 1);
  const people = peopleAt(duty, plan.steps[at]!.to, nowMs);
  const next = nextStanding(plan, { round, step: at });
  // Where nobody is on call the next one does not wait.
  const following = next && people.length === 0 && next.round === round ? { ...next, afterMs: 0 } : next;
  if (following) await moveOn(tx, providerId, findingIds, following, nowMs);
  else await endEscalations(tx, providerId, findingIds, "ended", nowMs);
  const provider = await readProviderSettings(tx, ctx);
  const material = await materialOf(tx, ctx, findingIds, provider);
  for (const person of people) await call(tx, ctx, plan, material, { person, step: at + 1, nextMs: following?.afterMs, findingIds });
  const notes = callNotes[provider.language];
  const told = people.length > 0 ? notes.told(people.map(({ name }) => name).join(", "), at + 1) : notes.nobody(at + 1);
  await note(tx, providerId, material, told, people.length, nowMs);
  if (!following) await note(tx, providerId, material, notes.ended, 0, nowMs);
  if (people.length > 0)
    await tx.sql("update hauswart.escalation_plan set last_told_at = $3 where provider_id = $1 and plan_id = $2", [
      providerId,
      plan.planId,
      isoTime(nowMs),
    ]);
  return following?.afterMs === 0;
}

async function materialOf(tx: Tx, ctx: Context, findingIds: readonly Id[], provider: Material["provider"]): Promise<Material> {
  const [findings, events, tellings] = await Promise.all([
    store.findingsById(tx, ctx.providerId, findingIds),
    store.lastEventsOf(tx, ctx.providerId, findingIds),
    store.tellingsOf(tx, ctx.providerId, findingIds),
  ]);
  const names = { customerName: "", siteName: null, timeZone: provider.timeZone };
  return {
    provider,
    names,
    events,
    tellings,
    nowMs: ctx.services.clock.now(),
    ...noRepair,
    findings: new Map(findings.map((one) => [one.findingId, one])),
  };
}

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
  const letter = { circle: "provider" as const, language: person.language, fromSeverity: plan.fromSeverity, items };
  const key = person.email.toLowerCase();
  const channels = await tx.sql<{ recipient_id: Id; channel: Letter["channel"]; address: string }>(
    "select recipient_id, channel, address from hauswart.recipient where provider_id = $1 and account_id = $2 and on_call_only order by recipient_id",
    [providerId, person.accountId],
  );
  const letters: Letter[] = [
    { ...letter, channel: "mail", readers: [{ key, address: person.email, recipientId: null }] },
    ...channels
      .filter(({ channel, address }) => channel !== "mail" || address.toLowerCase() !== key)
      .map(({ recipient_id, channel, address }) => ({
        ...letter,
        channel,
        readers: [{ key: channel === "mail" ? address.toLowerCase() : recipient_id, address, recipientId: recipient_id }],
      })),
  ];
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

async function note(tx: Tx, providerId: Id, { findings }: Material, text: string, people: number, nowMs: number): Promise<void> {
  await store.insertMailedEvents(
    tx,
    providerId,
    [...findings.values()].map(({ findingId, customerId, severity }) => ({
      findingId,
      customerId,
      severity,
      note: text,
      evidence: { told: "on-call", recipients: people },
    })),
    nowMs,
  );
}
