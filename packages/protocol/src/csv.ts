/** Tables as text for spreadsheets: RFC 4180, and nothing in them that a spreadsheet would run. */

export type CsvValue = string | number | null;

/** Between cells. Spreadsheets set to German open only files with a semicolon, because their comma stands in numbers. */
export type CsvSeparator = "," | ";";

/** Tells a spreadsheet that the file is UTF-8; the first character of a file. */
export const csvMark = "\uFEFF";

/**
 * One cell. A text that a spreadsheet would run as a formula gets an apostrophe in front: names come from computers that
 * belong to others (OWASP, CSV Injection).
 */
export function csvCell(value: CsvValue): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[";,\n\r]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** One line with its end. */
export function csvLine(cells: readonly CsvValue[], separator: CsvSeparator): string {
  return `${cells.map(csvCell).join(separator)}\r\n`;
}
