/**
 * What the repair of an alarmed fault costs a customer, and how that is said: in the mail, on the order page, in the console and in
 * the confirmation alike (ALM-2). Without zod, because the console asks it too.
 */
import type { Format, Language } from "./format.ts";

export type RepairTerms =
  /** The contract includes the repair where it is remote work. */
  | { readonly kind: "included" }
  /** Billed by time, without tax. */
  | { readonly kind: "hourly"; readonly centsPerHour: number; readonly currency: string; readonly minutesPerStep: number }
  /** The price is told before work begins. */
  | { readonly kind: "quote" }
  /** Mails offer no repair. */
  | { readonly kind: "off" };

type Words = { readonly [Kind in RepairTerms["kind"]]: (terms: Extract<RepairTerms, { kind: Kind }>, format: Format) => string };

const words: Readonly<Record<Language, Words>> = {
  de: {
    included: () => "Die Reparatur aus der Ferne ist in Ihrem Vertrag enthalten und kostet nichts extra.",
    hourly: ({ centsPerHour, currency, minutesPerStep }, format) =>
      `Die Reparatur wird nach Aufwand berechnet: ${format.money(centsPerHour, currency)} je Stunde zuzüglich Umsatzsteuer, je angefangene ${format.number(minutesPerStep)} Minuten.`,
    quote: () => "Wir nennen Ihnen den Preis, bevor wir beginnen. Mit dem Auftrag entstehen noch keine Kosten.",
    off: () => "",
  },
  en: {
    included: () => "Your contract includes repair by remote work; it costs nothing extra.",
    hourly: ({ centsPerHour, currency, minutesPerStep }, format) =>
      `The repair is billed by time: ${format.money(centsPerHour, currency)} an hour plus VAT, for each ${format.number(minutesPerStep)} minutes begun.`,
    quote: () => "We tell you the price before we begin. Ordering costs nothing yet.",
    off: () => "",
  },
};

/** The terms in a sentence for the customer; empty where no repair is offered. */
export function repairTermsText(terms: RepairTerms, format: Format): string {
  const say = words[format.language][terms.kind] as (terms: RepairTerms, format: Format) => string;
  return say(terms, format);
}
