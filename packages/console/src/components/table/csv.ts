/** Short tables, of which every row is here, as text for a spreadsheet. */
import { csvLine, csvMark, type CsvValue } from "@hauswart/protocol/csv.ts";
import type { Language } from "@hauswart/protocol/format.ts";

/** A whole table. German spreadsheets separate by semicolon, because their comma stands in numbers. */
export function csvOf(head: readonly string[], rows: readonly (readonly CsvValue[])[], language: Language): string {
  return [head, ...rows].map((row) => csvLine(row, language === "de" ? ";" : ",")).join("");
}

/** Saves what lies at an address as a file on the reader's computer. @param name empty: the server names it. */
export function saveFrom(address: string, name: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}

/** Saves text as a file on the reader's computer. The mark at the start tells a spreadsheet that it is UTF-8. */
export function saveFile(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([csvMark + text], { type: "text/csv;charset=utf-8" }));
  saveFrom(address, name);
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** Puts text that is still to come on the clipboard; browsers want to be asked while the click is fresh. */
export function copyText(text: Promise<string>): Promise<void> {
  const blob = text.then((value) => new Blob([value], { type: "text/plain" }));
  return navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
}
