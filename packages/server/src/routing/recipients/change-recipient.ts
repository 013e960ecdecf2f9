import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { Recipient } from "@hauswart/protocol/api/routing.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { isDeepStrictEqual } from "node:util";
import { requireScope } from "../../access/require-scope.ts";
import { audit } from "../../audit/audit.ts";
import type { Context, Verb } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { releaseHeld } from "../../mail/compose/store.ts";
import { requireRevision } from "../../require-revision.ts";
import { keyOfReader } from "../rule.ts";
import { presentRecipient, readRecipient } from "./recipient-row.ts";
import { requireKnownChecks } from "./require-known-checks.ts";
import { addressOf, requireNew, requirePerson, requirePlace, sealRecipientSecret } from "./save-recipient.ts";

type Change = Omit<Input<"changeRecipient">, "recipientId" | "revision">;

/**
 * Changes whom a recipient means, what they are told, how and when. What it was told under its old address counts as told, so that it
 * hears how it goes on, and what waits for the end of quiet hours that it keeps no more comes with the next look. Errors: FORBIDDEN, NOT_FOUND (recipient, customer, site, person), CONFLICT (changed meanwhile, is there
 * already), INVALID_REQUEST (unknown check, address).
 */
export async function changeRecipient({ ctx, input }: Verb<Input<"changeRecipient">>): Promise<Result<"changeRecipient">> {
  requireScope(ctx, "mail:write");
  requireKnownChecks(ctx, input.checks);
  const { recipientId, revision, ...change } = input;
  return ctx.services.database.transaction(ctx, async (tx) => {
    const before = presentRecipient(await readRecipient(tx, ctx, recipientId, "for update"));
    requireRevision(before.revision, revision);
    const wanted = await wantedFrom(tx, ctx, before, change);
    await requireNew(tx, ctx, recipientId, wanted);
    await write(tx, ctx, wanted, change);
    const [was, is] = [keyOfReader(before), keyOfReader(wanted)];
    if (was !== is) await inheritTellings(tx, ctx.providerId, was, is);
    if (wanted.quiet !== before.quiet || wanted.quietExcept !== before.quietExcept)
      await releaseHeld(tx, ctx.providerId, [recipientId], ctx.services.clock.now());
    const after = presentRecipient(await readRecipient(tx, ctx, recipientId));
    await audit(tx, ctx, {
      action: "recipient.change",
      subject: { kind: "recipient", id: recipientId },
      customerId: before.customerId,
      detail: { address: before.address, ...differences(before, after) },
    });
    return after;
  });
}

interface Wanted extends Recipient {
  /** What is sealed with it from now on; undefined: nothing. */
  readonly secret: string | undefined;
  /** Whether what was sealed goes on to hold. */
  readonly keepsSecret: boolean;
  /** Of another address; undefined where it stays. */
  readonly reachesInside: boolean | undefined;
}

async function wantedFrom(tx: Tx, ctx: Context, before: Recipient, change: Change): Promise<Wanted> {
  const { token, reachable, address, ...rest } = change;
  const isElsewhere = rest.customerId !== undefined && rest.customerId !== before.customerId;
  const wanted = { ...before, ...(isElsewhere ? { siteId: null } : {}), ...definedOf(rest) };
  const isMoved = wanted.customerId !== before.customerId || wanted.siteId !== before.siteId;
  const place = isMoved ? await requirePlace(tx, ctx, wanted.customerId, wanted.siteId) : {};
  const person = await requirePerson(tx, ctx, wanted);
  const isSameAddress = address === undefined || (wanted.channel === "ntfy" && address === before.address);
  const isSameWay = wanted.channel === before.channel && isSameAddress;
  const isOther = !isSameWay || (wanted.channel === "push" && wanted.accountId !== before.accountId);
  const way = isOther
    ? addressOf(ctx, { channel: wanted.channel, address: address ?? "", token: token ?? undefined }, person)
    : { address: before.address, secret: token ?? undefined, reachesInside: undefined };
  const keepsSecret = wanted.channel === "ntfy" ? token === undefined && isSameHost(before, way.address) : !isOther;
  const isReachable = reachable === true || way.address !== before.address || wanted.channel !== before.channel;
  return { ...wanted, ...place, ...way, keepsSecret, unreachable: isReachable ? null : before.unreachable };
}

/** What is left out is not there as a key. */
const definedOf = (fields: Omit<Change, "token" | "reachable" | "address">): Partial<Recipient> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** A token goes to the host for which it was entered, and to no other that somebody may name. */
const isSameHost = ({ channel, address }: Recipient, other: string) =>
  channel === "ntfy" && URL.parse(address)?.origin === URL.parse(other)?.origin;

async function write(tx: Tx, ctx: Context, wanted: Wanted, { topics, checks }: Change): Promise<void> {
  await tx.sql(
    `update hauswart.recipient set revision = revision + 1, customer_id = $3, site_id = $4, channel = $5, account_id = $6, address = $7,
       secret = case when $8::boolean then secret else $9::bytea end, language = $10, from_severity = $11, topics = $12, checks = $13,
       recoveries = $14, quiet = $15, quiet_except = $16, on_call_only = $17, unreachable = case when $18::boolean then null else unreachable end,
       reaches_inside = coalesce($19::boolean, reaches_inside)
     where provider_id = $1 and recipient_id = $2`,
    [
      ctx.providerId,
      wanted.recipientId,
      wanted.customerId,
      wanted.siteId,
      wanted.channel,
      wanted.accountId,
      wanted.address,
      wanted.keepsSecret,
      sealRecipientSecret(ctx, wanted.recipientId, wanted.secret),
      wanted.language,
      wanted.fromSeverity,
      topics ? [...new Set(topics)] : wanted.topics,
      checks ? [...new Set(checks)] : wanted.checks,
      wanted.recoveries,
      wanted.quiet,
      wanted.quietExcept,
      wanted.onCallOnly,
      wanted.unreachable === null,
      wanted.reachesInside ?? null,
    ],
  );
}

/** Of what is still open: who reads under the new address from now on hears that it is over. */
async function inheritTellings(tx: Tx, providerId: Id, was: string, is: string): Promise<void> {
  await tx.sql(
    `insert into hauswart.told (provider_id, finding_id, address, customer_id, severity, is_over, mail_id, message_id, told_at)
     select t.provider_id, t.finding_id, $3, t.customer_id, t.severity, t.is_over, t.mail_id, t.message_id, t.told_at
     from hauswart.told t join hauswart.finding f on f.provider_id = t.provider_id and f.finding_id = t.finding_id
     where t.provider_id = $1 and t.address = $2 and not t.missed and f.closed_at is null
     on conflict do nothing`,
    [providerId, was, is],
  );
}

/** What the log keeps: the fields that are not as they were. Of what is sealed, only whether there is a token. */
function differences(before: Recipient, after: Recipient) {
  const { revision: _, ...fields } = after;
  const differing = (Object.keys(fields) as (keyof typeof fields)[]).filter((field) => !isDeepStrictEqual(before[field], after[field]));
  const of = (recipient: Recipient) => Object.fromEntries(differing.map((field) => [field, recipient[field]]));
  return { before: of(before), change: of(after) };
}
