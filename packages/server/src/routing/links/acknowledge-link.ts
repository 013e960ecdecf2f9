/** What a link in a mail to somebody on call is about. */
import type { Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Language } from "@hauswart/protocol/format.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { mayTakeOn, rightsColumns, rightsOf, type Rights, type RightsRow } from "../../access/rights.ts";
import { systemContext, type Caller, type Context } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { presentFinding, selectFindings, type FindingRow } from "../../findings/finding-row.ts";
import { formatIn } from "../../format-in.ts";
import { openActionToken } from "../../mail/action-links.ts";
import { findingWords } from "../../mail/render/finding-words.ts";
import type { Services } from "../../services.ts";

export interface OpenedCall {
  readonly callId: Id;
  readonly accountId: Id;
  readonly name: string;
  readonly language: Language;
  /** What the account may do now; it may have been more when it was called. */
  readonly rights: Rights;
  readonly providerName: string;
  /** Those within the account's reach. */
  readonly findings: readonly FindingRow[];
}

/** Works as the system, for the provider that the token names; nobody is signed in. Errors: LINK_INVALID (altered, run out). */
export function callOfLink(services: Services, token: string): { readonly ctx: Context; readonly callId: Id } {
  const { providerId, subjectId } = openActionToken(token, "acknowledge", services.secrets, services.clock.now());
  return { ctx: systemContext(services, providerId, "on-call"), callId: subjectId };
}

/** Errors: LINK_INVALID (whom it was sent to is not there any more, or may neither see nor take on any of it now). */
export async function readCall(tx: Tx, providerId: Id, callId: Id): Promise<OpenedCall> {
  const [row] = await tx.sql<RightsRow & { account_id: Id; name: string; language: Language; provider_name: string; finding_ids: Id[] }>(
    `select a.account_id, a.name, a.language, ${rightsColumns}, p.name as provider_name, c.finding_ids::text[] as finding_ids
     from hauswart.escalation_call c join hauswart.provider p on p.provider_id = c.provider_id
     join hauswart.account a on a.provider_id = c.provider_id and a.account_id = c.account_id and a.disabled_at is null
     where c.provider_id = $1 and c.call_id = $2`,
    [providerId, callId],
  );
  if (!row) throw new HauswartError("LINK_INVALID");
  const rights = rightsOf(row);
  const findings = await tx.sql<FindingRow>(
    `${selectFindings} where f.provider_id = $1 and f.finding_id = any($2::uuid[]) order by f.opened_at, f.finding_id`,
    [providerId, row.finding_ids],
  );
  const own = findings.filter(({ customer_id }) => mayTakeOn(rights, customer_id));
  if (own.length === 0) throw new HauswartError("LINK_INVALID");
  return {
    callId,
    accountId: row.account_id,
    name: row.name,
    language: row.language,
    rights,
    providerName: row.provider_name,
    findings: own,
  };
}

/** As the page shows it. */
export function presentCall({ services }: Pick<Caller, "services">, call: OpenedCall): Result<"getAcknowledgement"> {
  return {
    providerName: call.providerName,
    name: call.name,
    language: call.language,
    findings: call.findings.map((row) => {
      const finding = presentFinding(row, services.clock.now());
      const spoken = { checkId: finding.check, code: finding.code, subject: finding.subject };
      return {
        title: findingWords(services.checks, spoken, finding.evidence, formatIn(call.language, finding.timeZone)).title,
        place: [finding.deviceName, finding.customerName, finding.siteName].filter(Boolean).join(", "),
        state: finding.state,
        by: finding.acknowledgement?.by ?? null,
      };
    }),
  };
}
