import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { isOrderRunning } from "@hauswart/protocol/api/repair-order-states.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import { isDeepStrictEqual } from "node:util";
import { announce } from "../announce.ts";
import { audit } from "../audit/audit.ts";
import type { PublicVerb } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { isUniqueViolation } from "../database/errors.ts";
import { isoTime } from "../times.ts";
import { contextOfLink, readOffer, type OfferedRepair } from "./offer.ts";
import { readRepairOrder } from "./order-row.ts";
import { tellOfOrder } from "./tell-of-order.ts";

/**
 * Orders the repair that a link in an alarm mail offers, on the terms that were shown. A link orders once, and of several who press at
 * once, one orders; what was declined, or done while the fault stayed, can be ordered again by the link of a later mail. Whoever had the
 * alarm gets the confirmation. Errors: LINK_INVALID, CONFLICT (ordered already, the fault is over, other terms hold by now).
 */
export async function placeRepairOrder({ caller, input }: PublicVerb<Input<"placeRepairOrder">>): Promise<Result<"placeRepairOrder">> {
  const { services, address } = caller;
  const about = contextOfLink(services, input.token, address);
  const work = services.database.transaction(about.ctx, async (tx) => {
    const offered = await readOffer(tx, about, "for update of f");
    refuseWhatDoesNotHold(offered, input);
    await order(tx, offered, input);
    return (await readOffer(tx, about)).offer;
  });
  return work.catch((error: unknown) => {
    if (isUniqueViolation(error, "repair_order_of_finding") || isUniqueViolation(error, "repair_order_of_link")) throw orderedAlready();
    throw error;
  });
}

const orderedAlready = () => new HauswartError("CONFLICT", "This repair was ordered already.");

function refuseWhatDoesNotHold({ offer }: OfferedRepair, { terms }: Input<"placeRepairOrder">): void {
  if (offer.linkIsSpent || (offer.order && isOrderRunning(offer.order.state))) throw orderedAlready();
  if (offer.finding.closedAt !== null) throw new HauswartError("CONFLICT", "The fault is over; there is nothing to repair.");
  if (!isDeepStrictEqual(offer.terms, terms)) throw new HauswartError("CONFLICT", "Other terms hold by now; look at them first.");
}

async function order(tx: Tx, { ctx, link, finding, offer }: OfferedRepair, { name, contact, note, terms }: Input<"placeRepairOrder">) {
  const { services, providerId } = ctx;
  const nowMs = services.clock.now();
  const repairOrderId = newId(nowMs);
  await tx.sql(
    `insert into hauswart.repair_order (provider_id, repair_order_id, customer_id, finding_id, device_id, mail_id, language, title, device_name, site_name, terms,
       ordered_by, contact, note, address, ordered_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::text::jsonb, $12, $13, $14, $15, $16)`,
    [
      providerId,
      repairOrderId,
      finding.customer_id,
      finding.finding_id,
      finding.device_id,
      link.mailId,
      offer.language,
      offer.finding.title,
      finding.device_name,
      finding.site_name,
      JSON.stringify(terms),
      name,
      contact,
      note,
      ctx.address,
      isoTime(nowMs),
    ],
  );
  await tx.sql(
    `insert into hauswart.finding_event (provider_id, finding_event_id, finding_id, customer_id, at, kind, actor, severity, note)
     values ($1, uuidv7(), $2, $3, $4, 'ordered', $5::text::jsonb, $6, $7)`,
    [
      providerId,
      finding.finding_id,
      finding.customer_id,
      isoTime(nowMs),
      JSON.stringify({ kind: "customer", id: repairOrderId, name }),
      finding.severity,
      note === "" ? null : note,
    ],
  );
  await audit(tx, ctx, {
    action: "repair-order.create",
    subject: { kind: "repair-order", id: repairOrderId },
    customerId: finding.customer_id,
    detail: { findingId: finding.finding_id, mailId: link.mailId, orderedBy: name, contact, note, terms },
  });
  await tellOfOrder(tx, ctx, await readRepairOrder(tx, ctx, repairOrderId));
  announce(tx, ctx, { kind: "finding", id: finding.finding_id, customerId: finding.customer_id, change: "changed" });
}
