/** A list as a CSV file: the very pages that the route answers with, one after the other, as fast as the reader takes them. */
import type { RouteName } from "@hauswart/protocol/api/routes.ts";
import type { CsvSeparator } from "@hauswart/protocol/csv.ts";
import type { Language } from "@hauswart/protocol/format.ts";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { csvHead, csvRows, type CsvTable } from "../csv/csv-table.ts";
import { csvTables, hasCsv } from "../csv/csv-tables.ts";
import { readCsvWords } from "../csv/csv-words.ts";
import type { Exchange } from "./exchange.ts";

/** Rows that are in memory at one time. */
const rowsPerPage = 500;

interface Page {
  readonly items: readonly unknown[];
  readonly next: string | null;
}

type ListVerb = (argument: { ctx: Context; input: unknown }) => Promise<Page>;

/** Whether this request asks for a table: by its query, or by what it accepts. */
export function wantsCsv(exchange: Exchange, name: RouteName): boolean {
  if (!hasCsv(name)) return false;
  const { format } = exchange.get("input") as { format?: "json" | "csv" };
  if (format !== undefined) return format === "csv";
  const accept = exchange.req.header("accept") ?? "";
  return accept.includes("text/csv") && !accept.includes("application/json");
}

/** Answers a list route with all its rows. What is wrong with the request shows before the first byte. */
export async function answerCsv(exchange: Exchange, name: RouteName, verb: ListVerb, ctx: Context): Promise<Response> {
  const table = csvTables[name as keyof typeof csvTables] as CsvTable<unknown>;
  const { separator, language: asked, ...input } = exchange.get("input") as { separator?: string; language?: Language };
  const language = asked ?? languageOf(exchange.req.header("accept-language")) ?? ctx.language;
  const mark: CsvSeparator = separator === "semicolon" ? ";" : ",";
  const response = exchange.get("route").response as z.ZodType<Page>;
  const words = await readCsvWords(ctx, language);
  // What the response schema does not name stays here, as with JSON.
  const read = async (cursor: string | undefined) => response.parse(await verb({ ctx, input: { ...input, cursor, limit: rowsPerPage } }));
  let page: Page | undefined = await read(undefined);
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>(
    {
      start: (controller) => controller.enqueue(encoder.encode(csvHead(table, language, mark))),
      async pull(controller) {
        const current = page!;
        controller.enqueue(encoder.encode(csvRows(table, current.items, words, mark)));
        if (current.next === null) controller.close();
        else page = await read(current.next);
      },
    },
    { highWaterMark: 1 },
  );
  const isHead = exchange.req.method === "HEAD";
  if (isHead) await body.cancel();
  return new Response(isHead ? null : body, {
    headers: {
      "content-type": "text/csv; charset=utf-8; header=present",
      "content-disposition": `attachment; filename="hauswart-${table.name[language]}.csv"`,
      "cache-control": "no-store",
    },
  });
}

/** The first of ours that the reader named. */
function languageOf(accepted: string | undefined): Language | undefined {
  for (const part of (accepted ?? "").split(",")) {
    const language = part.trim().slice(0, 2).toLowerCase();
    if (language === "de" || language === "en") return language;
  }
  return undefined;
}
