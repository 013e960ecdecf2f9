import type { PolicyDraft } from "@hauswart/protocol/api/policy-preview.ts";
import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { requireAllCustomers, requireScope } from "../access/require-scope.ts";
import { calendarsOf } from "../calendars/calendars-of.ts";
import type { Context, Verb } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { readCustomer } from "../tenancy/customer-row.ts";
import { readPolicy } from "./policy-row.ts";
import { effectsOnDevices } from "./preview/device-effect.ts";
import { effectOfDraft, type Difference, type KnownDraft } from "./preview/draft-effect.ts";
import { judgeEffects } from "./preview/judge-effect.ts";
import { makeSummary } from "./preview/summary.ts";
import { takeSecrets } from "./policy-secrets.ts";
import { requireValidPolicy } from "./validate-policy.ts";
import { ownersOf } from "./write-assignments.ts";

/** Devices whose samples are in memory at one time. */
const devicesPerRound = 1_000;

/**
 * What saving a draft would bring about: resolved, compared and judged by the code that does it when it is saved. Writes nothing.
 * Errors: FORBIDDEN, NOT_FOUND, INVALID_REQUEST, for the same drafts that could not be saved.
 */
export async function previewPolicy({ ctx, input }: Verb<Input<"previewPolicy">>): Promise<Result<"previewPolicy">> {
  requireScope(ctx, "policies:write");
  requireScope(ctx, "devices:read");
  requireValidPolicy(ctx.services.checks, input);
  const calendars = await calendarsOf(ctx.services, ctx.providerId);
  return ctx.services.database.transaction(ctx, async (tx) => {
    const draft = await knownDraft(tx, ctx, input);
    await ownersOf(tx, ctx, draft, draft.assignments);
    const { reached, differences } = await effectOfDraft(tx, ctx, draft);
    const summary = makeSummary(input.devicesListed);
    for (const round of roundsOf(differences)) summary.add(await judgeEffects(tx, ctx, calendars, await effectsOnDevices(tx, ctx, round)));
    return summary.present(tx, ctx, draft, reached);
  });
}

/** Errors: FORBIDDEN, NOT_FOUND. Whose policy it is stands with the policy, or in the draft of a new one. */
export async function knownDraft(
  tx: Tx,
  ctx: Context,
  { policyId, customerId, name, checks, assignments }: Omit<PolicyDraft, "devicesListed">,
): Promise<KnownDraft> {
  if (policyId !== null) {
    const before = await readPolicy(tx, ctx, policyId);
    if (before.customer_id === null) requireAllCustomers(ctx);
    const taken = takeSecrets(ctx.services, checks, before.checks);
    return { policyId, isNew: false, customerId: before.customer_id, name, checks: taken.checks, assignments };
  }
  if (customerId === null) requireAllCustomers(ctx);
  else await readCustomer(tx, ctx, customerId);
  const taken = takeSecrets(ctx.services, checks, []);
  return { policyId: newId(ctx.services.clock.now()), isNew: true, customerId, name, checks: taken.checks, assignments };
}

function* roundsOf(differences: ReadonlyMap<Id, Difference>): Generator<ReadonlyMap<Id, Difference>> {
  const all = [...differences];
  for (let first = 0; first < all.length; first += devicesPerRound) yield new Map(all.slice(first, first + devicesPerRound));
}
