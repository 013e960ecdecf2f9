/**
 * What a feature gives the console. A feature's `console/index.ts` default-exports an array of these; the console itself
 * knows no check by name.
 */
import type { AnyCheck, Evidence } from "@hauswart/protocol/check.ts";
import type { CheckMessageCatalogue } from "@hauswart/protocol/messages.ts";

/** A line in the graph of the headline series, in that series' unit. */
export interface Limit {
  readonly value: number;
  readonly severity: "warning" | "failure";
}

/** One check as the console shows it. */
export interface FeatureCard {
  /** The check's id. Write it as text: importing the declaration would bring its schemas into the browser. */
  readonly check: string;
  /** The series field that the device page draws as a sparkline: `field`, or `list.field` inside a list. Empty for none. */
  readonly headline: string;
  readonly messages: CheckMessageCatalogue<AnyCheck>;
  /**
   * Where the headline series of one subject turns bad, from the check's effective settings and the subject's newest
   * evidence. Answer none when a value that is needed is not there. Left out: no lines are drawn.
   */
  readonly limits?: (about: { readonly settings: Readonly<Record<string, unknown>>; readonly evidence: Evidence }) => readonly Limit[];
}
