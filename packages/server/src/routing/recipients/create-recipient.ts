import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { reachesCustomer, requireScope } from "../../access/require-scope.ts";
import { audit } from "../../audit/audit.ts";
import { ntfyTopic } from "../../channels/ntfy/channel.ts";
import { recipientSecretPlace } from "../../channels/outbox/targets.ts";
import type { Context, Verb } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { isoTime } from "../../times.ts";
import { isForbiddenAddress, literalAddress } from "../../webhooks/address-rule.ts";
import { presentRecipient, readRecipient } from "./recipient-row.ts";
import { requireKnownChecks } from "./require-known-checks.ts";

/**
 * Adds a recipient: for all customers, one customer or one site, on one channel. Errors: FORBIDDEN (all customers, by somebody
 * restricted), NOT_FOUND (customer, site, person), CONFLICT (is there already), INVALID_REQUEST (unknown check, address).
 */
export async function createRecipient({ ctx, input }: Verb<Input<"createRecipient">>): Promise<Result<"createRecipient">> {
  requireScope(ctx, "mail:write");
  requireKnownChecks(ctx, input.checks);
  const { services, providerId } = ctx;
  const recipientId = newId(services.clock.now());
  return services.database.transaction(ctx, async (tx) => {
    const place = await requirePlace(tx, ctx, input.customerId, input.siteId);
    const person = await requirePerson(tx, ctx, input);
    const { address, secret } = addressOf(input, person);
    if (input.channel !== "teams") await requireNew(tx, ctx, { ...input, ...place, address });
    await tx.sql(
      `insert into hauswart.recipient (provider_id, recipient_id, customer_id, site_id, channel, account_id, address, secret, language, from_severity, topics, checks,
         recoveries, quiet, quiet_except, on_call_only, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
      [
        providerId,
        recipientId,
        place.customerId,
        place.siteId,
        input.channel,
        input.accountId,
        address,
        secret === undefined ? null : services.secrets.seal(Buffer.from(secret, "utf8"), recipientSecretPlace(providerId, recipientId)),
        input.language,
        input.fromSeverity,
        input.topics === null ? null : [...new Set(input.topics)],
        input.checks === null ? null : [...new Set(input.checks)],
        input.recoveries,
        input.quiet,
        input.quietExcept,
        input.onCallOnly,
        isoTime(services.clock.now()),
      ],
    );
    const made = presentRecipient(await readRecipient(tx, ctx, recipientId));
    const { customerId, ...detail } = made;
    await audit(tx, ctx, { action: "recipient.create", subject: { kind: "recipient", id: recipientId }, customerId, detail });
    return made;
  });
}

/** What is kept in sight and what is sealed. A Teams workflow's address lets anybody post, so its host alone is shown. */
function addressOf(
  { channel, address, token }: Input<"createRecipient">,
  person: { readonly email: string } | undefined,
): { readonly address: string; readonly secret: string | undefined } {
  switch (channel) {
    case "mail":
      if (!/^[^\s@<>]+@[^\s@<>]+$/.test(address) || address.length > 320) throw invalidAddress("This is no mail address.");
      return { address, secret: undefined };
    case "teams": {
      const url = URL.canParse(address) ? new URL(address) : undefined;
      if (!url || (url.protocol !== "https:" && !isLoopback(url))) throw invalidAddress("The address of a workflow begins with https://.");
      requireAllowed(url);
      return { address: url.host, secret: address };
    }
    case "ntfy":
      if (!ntfyTopic(address)) throw invalidAddress("An ntfy topic looks like https://ntfy.example/topic.");
      requireAllowed(new URL(address));
      return { address, secret: token };
    case "push":
      if (!person) throw invalidAddress("Messages in the browser are for a person; choose one.");
      return { address: person.email, secret: undefined };
  }
}

const isLoopback = ({ hostname }: URL) => hostname === "127.0.0.1" || hostname === "[::1]" || hostname === "localhost";

function requireAllowed(url: URL): void {
  const literal = literalAddress(url);
  if (literal !== undefined && isForbiddenAddress(literal)) throw invalidAddress("Messages may not go to this address.");
}

const invalidAddress = (message: string) =>
  new HauswartError("INVALID_REQUEST", undefined, { issues: [{ path: "body.address", message }] });

async function requirePerson(
  tx: Tx,
  { providerId }: Context,
  { accountId, onCallOnly }: Input<"createRecipient">,
): Promise<{ email: string } | undefined> {
  if (accountId === null) {
    if (onCallOnly)
      throw new HauswartError("INVALID_REQUEST", undefined, {
        issues: [{ path: "body.accountId", message: "Only a person can be on call." }],
      });
    return undefined;
  }
  const [row] = await tx.sql<{ email: string }>("select email from hauswart.account where provider_id = $1 and account_id = $2", [
    providerId,
    accountId,
  ]);
  if (!row) throw new HauswartError("NOT_FOUND", "There is no such person.");
  return row;
}

/** A site brings its customer with it. */
async function requirePlace(
  tx: Tx,
  ctx: Context,
  customerId: Id | null,
  siteId: Id | null,
): Promise<{ customerId: Id | null; siteId: Id | null }> {
  if (siteId !== null) {
    const [site] = await tx.sql<{ customer_id: Id }>("select customer_id from hauswart.site where provider_id = $1 and site_id = $2", [
      ctx.providerId,
      siteId,
    ]);
    if (!site || (customerId !== null && customerId !== site.customer_id))
      throw new HauswartError("NOT_FOUND", "There is no such site of this customer.");
    return { customerId: site.customer_id, siteId };
  }
  if (customerId === null) {
    if (!reachesCustomer(ctx, null))
      throw new HauswartError("FORBIDDEN", "This concerns all customers; your rights are restricted to some.");
    return { customerId, siteId };
  }
  const [customer] = await tx.sql<{ one: number }>("select 1 as one from hauswart.customer where provider_id = $1 and customer_id = $2", [
    ctx.providerId,
    customerId,
  ]);
  if (!customer) throw new HauswartError("NOT_FOUND", "There is no such customer.");
  return { customerId, siteId };
}

async function requireNew(
  tx: Tx,
  { providerId }: Context,
  { channel, address, customerId, siteId, fromSeverity, checks, topics, onCallOnly }: Input<"createRecipient">,
): Promise<void> {
  const [same] = await tx.sql<{ one: number }>(
    `select 1 as one from hauswart.recipient where provider_id = $1 and channel = $2 and lower(address) = lower($3) and customer_id is not distinct from $4::uuid
       and site_id is not distinct from $5::uuid and from_severity = $6 and checks is not distinct from $7::text[] and topics is not distinct from $8::text[] and on_call_only = $9`,
    [providerId, channel, address, customerId, siteId, fromSeverity, checks, topics, onCallOnly],
  );
  if (same) throw new HauswartError("CONFLICT", "This address is a recipient of the same messages already.");
}
