import type { EscalationPlan } from "@hauswart/protocol/api/routing.ts";
import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { requireScope } from "../access/require-scope.ts";
import { mayTakeOn } from "../access/rights.ts";
import { systemContext, type Context, type Verb } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { isoTime } from "../times.ts";
import { nextDutyMs, peopleAt, readDuty, type Duty } from "./escalation/duty.ts";
import { firstStepMs, planAt, stepTimes } from "./escalation/plan.ts";
import { readPlans } from "./escalation/plan-row.ts";
import { routingHours, type RoutingHours } from "./hours.ts";
import { recipientsAt, recipientsElsewhere } from "./recipients-at.ts";
import type { Person } from "./rotas.ts";
import { heldUntilMs, isSevereEnough, notAbout, type Recipient, type RoutedFinding } from "./rule.ts";
import { topicOf } from "./topic-of.ts";

type Preview = Result<"previewRouting">;
type Answer = Preview["answers"][number];

/**
 * Who would be told of a finding at a moment, when and why; and who would not, and why not. By the same rules as composing and
 * escalating. Errors: FORBIDDEN, NOT_FOUND.
 */
export async function previewRouting({ ctx, input }: Verb<Input<"previewRouting">>): Promise<Preview> {
  requireScope(ctx, "mail:read");
  const { services, providerId } = ctx;
  const atMs = input.at === undefined ? services.clock.now() : Date.parse(input.at);
  const hours = await routingHours(services, providerId);
  const place = await services.database.transaction(ctx, (tx) => placeOf(tx, ctx, input));
  // Whoever reaches a customer may see who is told there, and what rights of colleagues have to do with it.
  const seen = place.customerId === null ? ctx : systemContext(services, providerId, "preview");
  // Names of colleagues are for everybody who may see who is told, whatever customers they reach.
  const duty = await services.database.transaction(systemContext(services, providerId, "on-call"), (tx) => readDuty(tx, ctx, hours, atMs));
  return services.database.transaction(seen, async (tx) => {
    const finding = { ...place, checkId: input.check, topic: topicOf(services.checks, input.check), severity: input.severity };
    const here = await recipientsAt(tx, providerId, place, hours.quietAt, atMs);
    // The rest of the customer too, so that the answer says why they are not told.
    const elsewhere = await recipientsElsewhere(tx, providerId, place, hours.quietAt, atMs);
    const names = await placeNames(tx, providerId);
    const answers = [...here, ...elsewhere].map((recipient) => recipientAnswer(recipient, finding, atMs, names));
    const escalation = escalationAnswers(await readPlans(tx, providerId), duty, finding, hours, atMs, names);
    return { at: isoTime(atMs), ...escalation, answers: [...answers, ...escalation.answers] };
  });
}

type Place = Pick<RoutedFinding, "customerId" | "siteId">;

async function placeOf(tx: Tx, { providerId }: Context, { deviceId, siteId, customerId }: Input<"previewRouting">): Promise<Place> {
  const [row] =
    deviceId !== undefined
      ? await tx.sql<Row>("select customer_id, site_id from hauswart.device where provider_id = $1 and device_id = $2", [
          providerId,
          deviceId,
        ])
      : siteId !== undefined
        ? await tx.sql<Row>(
            "select customer_id, site_id from hauswart.site where provider_id = $1 and site_id = $2 and removed_at is null",
            [providerId, siteId],
          )
        : customerId !== undefined
          ? await tx.sql<Row>("select customer_id, null as site_id from hauswart.customer where provider_id = $1 and customer_id = $2", [
              providerId,
              customerId,
            ])
          : [{ customer_id: null, site_id: null }];
  if (!row) throw new HauswartError("NOT_FOUND");
  return { customerId: row.customer_id, siteId: row.site_id };
}
interface Row {
  customer_id: Id | null;
  site_id: Id | null;
}

async function placeNames(tx: Tx, providerId: Id): Promise<ReadonlyMap<Id, string>> {
  const rows = await tx.sql<{ id: Id; name: string }>(
    "select customer_id as id, name from hauswart.customer where provider_id = $1 union all select site_id, name from hauswart.site where provider_id = $1",
    [providerId],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

function recipientAnswer(recipient: Recipient, finding: RoutedFinding, atMs: number, names: ReadonlyMap<Id, string>): Answer {
  const { recipientId, channel, address, customerId, siteId } = recipient;
  const refusal = notAbout(recipient, finding) ?? (isSevereEnough(recipient.fromSeverity, finding.severity) ? undefined : "too-mild");
  const dueMs = heldUntilMs(recipient, finding);
  const held = refusal === undefined && dueMs !== undefined;
  const breaks = refusal === undefined && !held && recipient.quietUntilMs !== undefined;
  return {
    kind: "recipient",
    recipientId,
    channel,
    name: address,
    outcome: refusal ? "not-told" : held ? "held" : "told",
    at: refusal ? null : isoTime(held ? dueMs : atMs),
    why: refusal ?? (held ? "quiet" : breaks ? "breaks-quiet" : "fits"),
    step: null,
    place: [customerId, siteId].flatMap((id) => (id === null ? [] : [names.get(id) ?? ""])).join(", "),
  };
}

/** Who is told step by step while nobody acknowledges. */
function escalationAnswers(
  plans: readonly EscalationPlan[],
  duty: Duty,
  finding: RoutedFinding,
  hours: RoutingHours,
  atMs: number,
  names: ReadonlyMap<Id, string>,
): Pick<Preview, "planName" | "onCallNobody" | "answers"> {
  const at = planAt(plans, finding, hours.serviceAt(finding), atMs);
  if (!at) return { planName: null, onCallNobody: false, answers: [] };
  const { plan, beginsMs } = at;
  const able = ({ rights }: Person) => mayTakeOn(rights, finding.customerId);
  const calledFrom = (firstMs: number) => {
    const times = stepTimes(plan, firstMs, ({ to }, stepMs) => peopleAt(duty, to, stepMs).some(able));
    return plan.steps.map(({ to }, index) => {
      const stepMs = times[index]!;
      return { step: index + 1, stepMs, people: peopleAt(duty, to, stepMs) };
    });
  };
  const firstMs = firstStepMs(plan, beginsMs, atMs);
  const planned = calledFrom(firstMs);
  const isNobodyAt = ({ people }: (typeof planned)[number]) => !people.some(able);
  // Where a whole round would tell nobody, the next shift is waited for.
  const dutyMs = planned.every(isNobodyAt) ? nextDutyMs(duty, plan.steps, finding.customerId, firstMs) : undefined;
  const called = dutyMs === undefined ? planned : calledFrom(dutyMs);
  const answers = called.flatMap(({ step, stepMs, people }) =>
    people.map((person): Answer => ({
      kind: "escalation",
      recipientId: null,
      channel: "mail",
      name: person.name,
      ...(able(person) ? { outcome: "told", at: isoTime(stepMs), why: "on-call" } : { outcome: "not-told", at: null, why: "no-access" }),
      step,
      place: plan.customerId === null ? "" : (names.get(plan.customerId) ?? ""),
    })),
  );
  return { planName: plan.name, onCallNobody: called.some(isNobodyAt), answers };
}
