/** A list as a table for spreadsheets: which columns, what they are called, what stands in them. */
import { csvLine, csvMark, type CsvSeparator, type CsvValue } from "@hauswart/protocol/csv.ts";
import type { Evidence } from "@hauswart/protocol/check.ts";
import type { Language } from "@hauswart/protocol/format.ts";
import type { Id } from "@hauswart/protocol/ids.ts";

/** What a column may need besides the row. */
export interface CsvWords {
  readonly language: Language;
  customerName(customerId: Id | null): string;
  checkName(check: string): string;
  findingTitle(finding: { readonly check: string; readonly code: string; readonly subject: string; readonly evidence: Evidence }): string;
}

export interface CsvColumn<Item> {
  /** The column's title. */
  readonly de: string;
  readonly en: string;
  readonly value: (item: Item, words: CsvWords) => CsvValue;
}

export interface CsvTable<Item> {
  /** Name of the file, without its ending. */
  readonly name: Readonly<Record<Language, string>>;
  readonly columns: readonly CsvColumn<Item>[];
}

/** The first piece of a file: the mark that says UTF-8, and the titles. */
export function csvHead<Item>({ columns }: CsvTable<Item>, language: Language, separator: CsvSeparator): string {
  return (
    csvMark +
    csvLine(
      columns.map((column) => column[language]),
      separator,
    )
  );
}

/** These rows as text. */
export function csvRows<Item>({ columns }: CsvTable<Item>, items: readonly Item[], words: CsvWords, separator: CsvSeparator): string {
  return items
    .map((item) =>
      csvLine(
        columns.map((column) => column.value(item, words)),
        separator,
      ),
    )
    .join("");
}
