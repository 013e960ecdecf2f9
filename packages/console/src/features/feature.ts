/**
 * What a feature gives the console. A feature's `console/index.ts` default-exports an array of these; the console itself
 * knows no check by name.
 */
import type { AnyCheck } from "@hauswart/protocol/check.ts";
import type { CheckMessageCatalogue } from "@hauswart/protocol/messages.ts";

/** A setting that is a limit for the headline series, in the same unit; drawn into its graphs as a line. */
export interface Threshold {
  /** Name of the setting that holds the limit. */
  readonly setting: string;
  readonly severity: "warning" | "failure";
}

/** One check as the console shows it. */
export interface FeatureCard {
  /** The check's id. Write it as text: importing the declaration would bring its schemas into the browser. */
  readonly check: string;
  /** The series field that the device page draws as a sparkline; empty when the check has no series worth it. */
  readonly headline: string;
  readonly messages: CheckMessageCatalogue<AnyCheck>;
  /** Limits of the headline series; none when left out. */
  readonly thresholds?: readonly Threshold[];
}
