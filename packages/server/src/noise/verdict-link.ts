/** The alarm behind a link in a mail to the house's own people, with what its reader is shown. */
import type { VerdictOffer } from "@hauswart/protocol/api/noise.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { systemContext, type Caller, type Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { findingColumns, findingSource, type FindingRow } from "../findings/finding-row.ts";
import { formatIn } from "../format-in.ts";
import { openActionToken, type ActionLink } from "../mail/action-links.ts";
import { findingWords } from "../mail/render/finding-words.ts";
import { readProviderSettings } from "../tenancy/provider-settings.ts";
import { isoTime, isoTimeOrNull } from "../times.ts";
import { readSaid } from "./verdict-row.ts";

interface LinkedRow extends FindingRow {
  language: string | null;
  /** Of the mail that brought the link. */
  recipients: { address: string }[];
}

export interface LinkedAlarm {
  readonly finding: LinkedRow;
  readonly offer: VerdictOffer;
}

/** Works as the system, for the provider that the token names; nobody is signed in. Errors: LINK_INVALID. */
export function contextOfVerdictLink({ services, address }: Caller, token: string): { ctx: Context; link: ActionLink } {
  const link = openActionToken(token, "verdict", services.secrets, services.clock.now());
  return { link, ctx: { ...systemContext(services, link.providerId, "verdict-link"), address } };
}

/** Errors: LINK_INVALID (finding or mail are no longer kept). */
export async function readLinkedAlarm(tx: Tx, ctx: Context, { mailId, subjectId }: ActionLink): Promise<LinkedAlarm> {
  const [finding] = await tx.sql<LinkedRow>(selectLinked, [ctx.providerId, mailId, subjectId]);
  if (!finding) throw new HauswartError("LINK_INVALID");
  const language = finding.language === "en" ? "en" : "de";
  const spoken = { checkId: finding.check_id, code: finding.code, subject: finding.subject };
  const format = formatIn(language, finding.time_zone);
  return {
    finding,
    offer: {
      language,
      providerName: (await readProviderSettings(tx, ctx)).name,
      title: findingWords(ctx.services.checks, spoken, finding.evidence, format).title,
      place: [finding.device_name, finding.customer_name, finding.site_name].filter(Boolean).join(", "),
      timeZone: finding.time_zone,
      openedAt: isoTime(finding.opened_at),
      closedAt: isoTimeOrNull(finding.closed_at),
      readers: finding.recipients.map(({ address }) => address).join(", "),
      said: await readSaid(tx, ctx, finding.finding_id),
    },
  };
}

/** $1 provider, $2 mail, $3 finding. */
const selectLinked = `select ${findingColumns}, mail.headers ->> 'Content-Language' as language, mail.recipients ${findingSource}
  join hauswart.mail on mail.provider_id = f.provider_id and mail.mail_id = $2 and f.finding_id = any (mail.finding_ids)
  where f.provider_id = $1 and f.finding_id = $3`;
