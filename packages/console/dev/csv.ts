/** The double's lists as CSV, with the server's own tables. */
import judgedChecks from "@hauswart/features/registry/server.ts";
import type { RouteName } from "@hauswart/protocol/api/routes.ts";
import { csvHead, csvRows, type CsvTable } from "@hauswart/server/csv/csv-table.ts";
import { csvTables, hasCsv } from "@hauswart/server/csv/csv-tables.ts";
import { makeCsvWords } from "@hauswart/server/csv/csv-words.ts";
import type { World } from "./world.ts";

/** A page of any list. */
export interface Page {
  readonly items: readonly unknown[];
  readonly next: string | null;
}

const checks = new Map(judgedChecks.map((check) => [check.definition.id, check]));

/** The answer to a request for a table; undefined when it asks for something else. @param list answers one page. */
export async function csvAnswer(
  world: World,
  name: RouteName,
  asked: URLSearchParams,
  list: (cursor: string | undefined) => Promise<Page>,
): Promise<Response | undefined> {
  if (!hasCsv(name) || asked.get("format") !== "csv") return undefined;
  const table = csvTables[name] as CsvTable<unknown>;
  const language = asked.get("language") === "de" ? "de" : "en";
  const separator = asked.get("separator") === "semicolon" ? ";" : ",";
  const words = makeCsvWords(checks, language, new Map(world.customers.map(({ customerId, name: called }) => [customerId, called])));
  let text = csvHead(table, language, separator);
  let cursor: string | undefined;
  do {
    const page = await list(cursor);
    text += csvRows(table, page.items, words, separator);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return new Response(text, {
    headers: {
      "content-type": "text/csv; charset=utf-8; header=present",
      "content-disposition": `attachment; filename="hauswart-${table.name[language]}.csv"`,
    },
  });
}
