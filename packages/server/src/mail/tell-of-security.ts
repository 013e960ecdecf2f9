/** Tells people by mail what happened to an account. Written in the transaction that does it, so neither happens alone. */
import type { Language } from "@hauswart/protocol/format.ts";
import { unsetOwnerEmail } from "../access/ensure-first-owner.ts";
import type { AuditContext } from "../audit/audit.ts";
import type { Tx } from "../database/database.ts";
import { formatIn } from "../format-in.ts";
import type { Services } from "../services.ts";
import { readProviderSettings } from "../tenancy/provider-settings.ts";
import { renderSecurityNotice, type SecurityNotice } from "./render/security-notice.ts";
import { writeMail } from "./write-mail.ts";

/** Each gets a mail of their own, in their language. Who has no address yet (the first owner may not) gets none. */
export async function tellOfSecurity(
  tx: Tx,
  ctx: AuditContext & { readonly services: Services },
  people: readonly { readonly email: string; readonly language: Language }[],
  notice: SecurityNotice,
): Promise<void> {
  const { services } = ctx;
  const nowMs = services.clock.now();
  const provider = await readProviderSettings(tx, ctx);
  for (const { email, language } of people.filter((person) => person.email !== unsetOwnerEmail)) {
    const content = renderSecurityNotice({
      language,
      format: formatIn(language, provider.timeZone),
      nowMs,
      providerName: provider.name,
      consoleUrl: services.settings.url,
      notice,
    });
    await writeMail(tx, ctx, provider, { address: email, language, customerId: null, content });
  }
}
