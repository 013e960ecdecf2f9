/** What columns need besides the row: names of customers, words of findings. */
import { deviceCheckId } from "@hauswart/protocol/device-findings.ts";
import type { Language } from "@hauswart/protocol/format.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { serverCheckId } from "@hauswart/protocol/server-findings.ts";
import { siteCheckId } from "@hauswart/protocol/site-findings.ts";
import type { Context } from "../context.ts";
import { formatIn } from "../format-in.ts";
import { findingWords } from "../mail/render/finding-words.ts";
import type { CheckRegistry } from "../services.ts";
import type { CsvWords } from "./csv-table.ts";

const ownChecks: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  [deviceCheckId]: { de: "Gerät", en: "Device" },
  [siteCheckId]: { de: "Standort", en: "Site" },
  [serverCheckId]: { de: "Hauswart-Server", en: "Hauswart server" },
};

/** The words for one table. @param customers names by id, of the customers within reach. */
export function makeCsvWords(checks: CheckRegistry, language: Language, customers: ReadonlyMap<Id, string>): CsvWords {
  const format = formatIn(language);
  return {
    language,
    customerName: (customerId) => (customerId === null ? "" : (customers.get(customerId) ?? "")),
    checkName: (check) => checks.get(check)?.messages[language].name ?? ownChecks[check]?.[language] ?? check,
    findingTitle: ({ check, code, subject, evidence }) => findingWords(checks, { checkId: check, code, subject }, evidence, format).title,
  };
}

/** The words in this language for what the actor may see. */
export async function readCsvWords(ctx: Context, language: Language): Promise<CsvWords> {
  const rows = await ctx.services.database.transaction(ctx, (tx) =>
    tx.sql<{ customer_id: Id; name: string }>("select customer_id, name from hauswart.customer where provider_id = $1", [ctx.providerId]),
  );
  return makeCsvWords(ctx.services.checks, language, new Map(rows.map(({ customer_id, name }) => [customer_id, name])));
}
