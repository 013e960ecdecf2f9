/** Tables as text for a spreadsheet. */
import type { Language } from "@hauswart/protocol/format.ts";

/**
 * One cell. A text that a spreadsheet would run as a formula gets an apostrophe in front: names come from computers that
 * belong to others (OWASP, CSV Injection).
 */
export function csvCell(value: string | number | null, language: Language): string {
  if (value === null) return "";
  if (typeof value === "number") return language === "de" ? String(value).replace(".", ",") : String(value);
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[";,\n\r]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** A whole table. German spreadsheets separate by semicolon, because their comma stands in numbers. */
export function csvOf(head: readonly string[], rows: readonly (readonly (string | number | null)[])[], language: Language): string {
  const separator = language === "de" ? ";" : ",";
  return [head, ...rows].map((row) => row.map((cell) => csvCell(cell, language)).join(separator)).join("\r\n") + "\r\n";
}

/** Saves text as a file on the reader's computer. The mark at the start tells a spreadsheet that it is UTF-8. */
export function saveFile(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([`\uFEFF${text}`], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
