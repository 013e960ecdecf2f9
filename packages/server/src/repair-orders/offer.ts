/** What a link in an alarm mail offers: the repair of one finding, on the terms of its customer. */
import type { RepairOffer } from "@hauswart/protocol/api/repair-orders.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Language } from "@hauswart/protocol/format.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { systemContext, type Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { readFinding, type FindingRow } from "../findings/finding-row.ts";
import { formatIn } from "../format-in.ts";
import { openActionToken, type ActionLink } from "../mail/action-links.ts";
import { findingWords } from "../mail/render/finding-words.ts";
import type { Services } from "../services.ts";
import { readCustomerTerms } from "../tenancy/customer-terms.ts";
import { readProviderSettings } from "../tenancy/provider-settings.ts";
import { isoTime, isoTimeOrNull } from "../times.ts";
import type { RepairOrderRow } from "./order-row.ts";

/** The finding behind a link, with what its reader is told. */
export interface OfferedRepair {
  readonly ctx: Context;
  readonly link: ActionLink;
  readonly finding: FindingRow & { readonly customer_id: Id };
  readonly offer: RepairOffer;
}

/** Works as the system, for the provider that the token names; nobody is signed in. */
export function contextOfLink(services: Services, token: string, address: string): { ctx: Context; link: ActionLink } {
  const link = openActionToken(token, "repair-order", services.secrets, services.clock.now());
  return { link, ctx: { ...systemContext(services, link.providerId, "repair-order"), address } };
}

/** Errors: LINK_INVALID (finding or mail are no longer kept, or belong to no customer). */
export async function readOffer(
  tx: Tx,
  { ctx, link }: Pick<OfferedRepair, "ctx" | "link">,
  lock: "for update of f" | "" = "",
): Promise<OfferedRepair> {
  const { services, providerId } = ctx;
  const finding = await readFinding(tx, ctx, link.subjectId, lock).catch(gone);
  const { customer_id } = finding;
  if (customer_id === null) throw new HauswartError("LINK_INVALID");
  const mail = await readMailOf(tx, link);
  const [provider, { repair }, [order]] = await Promise.all([
    readProviderSettings(tx, ctx),
    readCustomerTerms(tx, providerId, customer_id),
    tx.sql<Pick<RepairOrderRow, "ordered_by" | "ordered_at" | "state" | "state_note"> & { link_is_spent: boolean }>(
      `select ordered_by, ordered_at, state, state_note, bool_or(mail_id = $3) over () as link_is_spent
       from hauswart.repair_order where provider_id = $1 and finding_id = $2 order by repair_order_id desc limit 1`,
      [providerId, link.subjectId, link.mailId],
    ),
  ]);
  const words = findingWords(
    services.checks,
    { checkId: finding.check_id, code: finding.code, subject: finding.subject },
    finding.evidence,
    formatIn(mail.language, finding.time_zone),
  );
  return {
    ctx,
    link,
    finding: { ...finding, customer_id },
    offer: {
      language: mail.language,
      providerName: provider.name,
      customerName: finding.customer_name,
      finding: {
        title: words.title,
        summary: words.summary,
        meaning: words.meaning,
        deviceName: finding.device_name,
        siteName: finding.site_name,
        severity: finding.severity,
        openedAt: isoTime(finding.opened_at),
        closedAt: isoTimeOrNull(finding.closed_at),
        timeZone: finding.time_zone,
      },
      terms: repair.kind === "off" ? null : repair,
      order: order
        ? { orderedBy: order.ordered_by, orderedAt: isoTime(order.ordered_at), state: order.state, stateNote: order.state_note }
        : null,
      linkIsSpent: order?.link_is_spent ?? false,
    },
  };
}

async function readMailOf(tx: Tx, { providerId, mailId, subjectId }: ActionLink): Promise<{ language: Language }> {
  const [mail] = await tx.sql<{ language: string | null }>(
    `select headers ->> 'Content-Language' as language from hauswart.mail
     where provider_id = $1 and mail_id = $2 and $3 = any (finding_ids)`,
    [providerId, mailId, subjectId],
  );
  if (!mail) throw new HauswartError("LINK_INVALID");
  return { language: mail.language === "en" ? "en" : "de" };
}

/** To whoever has an old link, what is gone is an old link. */
function gone(error: unknown): never {
  if (error instanceof HauswartError && error.code === "NOT_FOUND") throw new HauswartError("LINK_INVALID");
  throw error;
}
