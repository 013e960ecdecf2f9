/** What making and changing a recipient share. */
import type { Input } from "@hauswart/protocol/api/routes.ts";
import type { Recipient } from "@hauswart/protocol/api/routing.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { hasScope, reachesCustomer } from "../../access/require-scope.ts";
import { ntfyTopic } from "../../channels/ntfy/channel.ts";
import { recipientSecretPlace } from "../../channels/outbox/targets.ts";
import { reachOf } from "../../channels/reach.ts";
import { sha256 } from "../../audit/canonical.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { literalAddress } from "../../webhooks/address-rule.ts";

/** @returns null where there is nothing to seal */
export function sealRecipientSecret({ services, providerId }: Context, recipientId: Id, secret: string | undefined): Buffer | null {
  return secret === undefined ? null : services.secrets.seal(Buffer.from(secret, "utf8"), recipientSecretPlace(providerId, recipientId));
}

interface Way {
  readonly address: string;
  readonly secret: string | undefined;
  /** Whether messages may go into the server's own network (channels/reach.ts). */
  readonly reachesInside: boolean;
}

/**
 * What is kept in sight and what is sealed. A Teams workflow's address lets anybody post, so its host
 * alone is shown, with a mark that tells it from the others of a region.
 * Errors: INVALID_REQUEST (also an address in the server's own network, by somebody who may not change settings).
 */
export function addressOf(
  ctx: Context,
  { channel, address, token }: Pick<Input<"createRecipient">, "channel" | "address" | "token">,
  person: { readonly email: string } | undefined,
): Way {
  const reachesInside = hasScope(ctx, "settings:write");
  const { mayConnectTo } = reachOf(ctx.services.settings, reachesInside);
  switch (channel) {
    case "mail":
      if (!/^[^\s@<>]+@[^\s@<>]+$/.test(address) || address.length > 320) throw invalidAddress("This is no mail address.");
      return { address, secret: undefined, reachesInside: false };
    case "teams": {
      const url = URL.canParse(address) ? new URL(address) : undefined;
      if (!url || (url.protocol !== "https:" && !isLoopback(url))) throw invalidAddress("The address of a workflow begins with https://.");
      requireAllowed(url, mayConnectTo);
      return { address: `${url.host} #${markOf(address)}`, secret: address, reachesInside };
    }
    case "ntfy":
      if (!ntfyTopic(address)) throw invalidAddress("An ntfy topic looks like https://ntfy.example/topic.");
      requireAllowed(new URL(address), mayConnectTo);
      return { address, secret: token, reachesInside };
    case "push":
      if (!person) throw invalidAddress("Messages in the browser are for a person; choose one.");
      return { address: person.email, secret: undefined, reachesInside: false };
  }
}

/** Sixteen bits: enough to tell a house's workflows apart, too few to tell anything of the address. */
const markOf = (address: string): string => sha256(address).toString("hex").slice(0, 4);

const isLoopback = ({ hostname }: URL) => hostname === "127.0.0.1" || hostname === "[::1]" || hostname === "localhost";

/** Names are looked up when a message goes, each time anew. */
function requireAllowed(url: URL, mayConnectTo: (address: string) => boolean): void {
  const literal = literalAddress(url);
  if (literal !== undefined && !mayConnectTo(literal))
    throw invalidAddress("Messages may not go to this address. Into the server's own network they go for whoever may change settings.");
}

const invalidAddress = (message: string) =>
  new HauswartError("INVALID_REQUEST", undefined, { issues: [{ path: "body.address", message }] });

/** Errors: NOT_FOUND (person), INVALID_REQUEST (on call without a person). */
export async function requirePerson(
  tx: Tx,
  { providerId }: Context,
  { accountId, onCallOnly }: Pick<Input<"createRecipient">, "accountId" | "onCallOnly">,
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

/** A site brings its customer with it. Errors: FORBIDDEN (all customers, by somebody restricted), NOT_FOUND (customer, site). */
export async function requirePlace(
  tx: Tx,
  ctx: Context,
  customerId: Id | null,
  siteId: Id | null,
): Promise<{ customerId: Id | null; siteId: Id | null }> {
  if (siteId !== null) {
    const [site] = await tx.sql<{ customer_id: Id }>(
      "select customer_id from hauswart.site where provider_id = $1 and site_id = $2 and removed_at is null",
      [ctx.providerId, siteId],
    );
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

type Meant = Pick<Recipient, "channel" | "address" | "customerId" | "siteId" | "fromSeverity" | "checks" | "topics" | "onCallOnly">;

/** @param own the recipient that is changed; null for a new one. Errors: CONFLICT (another one means the same). */
export async function requireNew(
  tx: Tx,
  { providerId }: Context,
  own: Id | null,
  { channel, address, customerId, siteId, fromSeverity, checks, topics, onCallOnly }: Meant,
): Promise<void> {
  // Of a Teams workflow a host and a mark are in sight; who entered one before the marks has the host alone.
  if (channel === "teams") return;
  const [same] = await tx.sql<{ one: number }>(
    `select 1 as one from hauswart.recipient where provider_id = $1 and channel = $2 and lower(address) = lower($3) and customer_id is not distinct from $4::uuid
       and site_id is not distinct from $5::uuid and from_severity = $6 and checks is not distinct from $7::text[] and topics is not distinct from $8::text[] and on_call_only = $9
       and recipient_id is distinct from $10::uuid`,
    [providerId, channel, address, customerId, siteId, fromSeverity, checks, topics, onCallOnly, own],
  );
  if (same) throw new HauswartError("CONFLICT", "This address is a recipient of the same messages already.");
}
