/** What a link in a mail to somebody on call is about. */
import type { Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Language } from "@hauswart/protocol/format.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { systemContext, type Caller } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { presentFinding, selectFindings, type FindingRow } from "../../findings/finding-row.ts";
import { openActionToken } from "../../mail/action-links.ts";
import { formatIn } from "../../mail/compose/material.ts";
import { findingWords } from "../../mail/render/finding-words.ts";

export interface OpenedCall {
  readonly providerId: Id;
  readonly callId: Id;
  readonly accountId: Id;
  readonly name: string;
  readonly language: Language;
  readonly providerName: string;
  readonly isUsed: boolean;
  readonly findings: readonly FindingRow[];
}

/** Errors: LINK_INVALID (altered, run out, or whom it was sent to is not there any more). */
export async function openCall({ services }: Caller, token: string): Promise<OpenedCall> {
  const { providerId, subjectId } = openActionToken(token, "acknowledge", services.secrets, services.clock.now());
  return services.database.transaction(systemContext(services, providerId, "on-call"), (tx) => readCall(tx, providerId, subjectId));
}

async function readCall(tx: Tx, providerId: Id, callId: Id): Promise<OpenedCall> {
  const [row] = await tx.sql<{
    account_id: Id;
    name: string;
    language: Language;
    provider_name: string;
    acknowledged_at: Date | null;
    finding_ids: Id[];
  }>(
    `select a.account_id, a.name, a.language, p.name as provider_name, c.acknowledged_at, c.finding_ids::text[] as finding_ids
     from hauswart.escalation_call c join hauswart.provider p on p.provider_id = c.provider_id
     join hauswart.account a on a.provider_id = c.provider_id and a.account_id = c.account_id and a.disabled_at is null
     where c.provider_id = $1 and c.call_id = $2`,
    [providerId, callId],
  );
  if (!row) throw new HauswartError("LINK_INVALID");
  const findings = await tx.sql<FindingRow>(
    `${selectFindings} where f.provider_id = $1 and f.finding_id = any($2::uuid[]) order by f.opened_at`,
    [providerId, row.finding_ids],
  );
  return {
    providerId,
    callId,
    accountId: row.account_id,
    name: row.name,
    language: row.language,
    providerName: row.provider_name,
    isUsed: row.acknowledged_at !== null,
    findings,
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
