/** Lists as CSV, made by the server: all rows with the present filters, however many are loaded here. */
import { addressOf, ApiError, noAnswer } from "@hauswart/protocol/api/client.ts";
import type { Problem } from "@hauswart/protocol/api/route.ts";
import type { RouteName } from "@hauswart/protocol/api/routes.ts";
import { csvMark } from "@hauswart/protocol/csv.ts";
import type { Language } from "@hauswart/protocol/format.ts";
import table from "virtual:route-table";
import { requestHeaders } from "./client.ts";

/** A list that the server gives as CSV: the route and what it is asked. */
export interface CsvSource {
  readonly name: RouteName;
  readonly query: Readonly<Record<string, unknown>>;
}

/** A whole list for CSV: the server's own table, or what fetches every row. */
export type WholeCsv<Row> = CsvSource | (() => Promise<readonly Row[]>);

/** The list as a source; null where the server has no table of it. */
export function csvSource(name: RouteName, query: Readonly<Record<string, unknown>> = {}): CsvSource | null {
  return table[name].csv === true ? { name, query } : null;
}

/** Where the file is. Spreadsheets set to German open only files with semicolons. */
export function csvAddress({ name, query }: CsvSource, language: Language): string {
  const how = { format: "csv", language, separator: language === "de" ? "semicolon" : "comma" };
  return addressOf(table[name].path, {}, { ...query, ...how });
}

/** The whole table as text, without the mark that only files need. Throws `ApiError`. */
export async function csvText(source: CsvSource, language: Language): Promise<string> {
  const answer = await fetch(csvAddress(source, language), { headers: requestHeaders }).catch((error: unknown) => {
    throw new ApiError(noAnswer, 0, undefined, error);
  });
  const text = await answer.text();
  if (answer.ok) return text.startsWith(csvMark) ? text.slice(1) : text;
  const problem = JSON.parse(text) as Problem;
  throw new ApiError(problem.code, answer.status, problem);
}
