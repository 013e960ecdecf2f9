/** The drill behind a link in a mail, with what its reader is shown. */
import type { DrillNotice } from "@hauswart/protocol/api/alarm-drills.ts";
import { alarmDrillCheckId } from "@hauswart/protocol/alarm-drill.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { systemContext, type Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { openActionToken, type ActionLink } from "../mail/action-links.ts";
import type { Services } from "../services.ts";
import { readProviderSettings } from "../tenancy/provider-settings.ts";
import { isoTime, isoTimeOrNull } from "../times.ts";
import { findDrill, type DrillRow } from "./drill-row.ts";
import { noteProgress } from "./follow-drill.ts";

export interface LinkedDrill {
  readonly drill: DrillRow;
  /** Who had the mail. */
  readonly addresses: readonly string[];
  readonly notice: DrillNotice;
}

/** Works as the system, for the provider that the token names; nobody is signed in. Errors: LINK_INVALID. */
export function contextOfDrillLink(services: Services, token: string, address: string): { ctx: Context; link: ActionLink } {
  const link = openActionToken(token, "alarm-drill", services.secrets, services.clock.now());
  return { link, ctx: { ...systemContext(services, link.providerId, "alarm-drill"), address } };
}

/** Errors: LINK_INVALID (finding, mail or drill are no longer kept). */
export async function readLinkedDrill(tx: Tx, ctx: Context, { providerId, mailId, subjectId }: ActionLink): Promise<LinkedDrill> {
  const [about] = await tx.sql<{ drill_id: Id; language: string | null; recipients: { address: string }[] }>(
    `select a.drill_id, m.headers ->> 'Content-Language' as language, m.recipients
     from hauswart.mail m
     join hauswart.finding f on f.provider_id = m.provider_id and f.finding_id = any (m.finding_ids)
     join hauswart.alarm_drill a on a.provider_id = f.provider_id and a.device_id = f.device_id and a.drill_id::text = f.evidence ->> 'drillId'
     where m.provider_id = $1 and m.mail_id = $2 and f.finding_id = $3 and f.check_id = $4`,
    [providerId, mailId, subjectId, alarmDrillCheckId],
  );
  if (!about) throw new HauswartError("LINK_INVALID");
  await noteProgress(tx, ctx, about.drill_id);
  const [drill, provider] = [await findDrill(tx, ctx, about.drill_id, "for update of a"), await readProviderSettings(tx, ctx)];
  if (!drill) throw new HauswartError("LINK_INVALID");
  return {
    drill,
    addresses: about.recipients.map(({ address }) => address),
    notice: {
      language: about.language === "en" ? "en" : "de",
      providerName: provider.name,
      customerName: drill.customer_name,
      deviceName: drill.device_name,
      timeZone: drill.time_zone,
      startedAt: isoTime(drill.started_at),
      confirmedAt: isoTimeOrNull(drill.confirmed_at),
      isOver: drill.ended_at !== null,
    },
  };
}
