import type { FeatureCard } from "@hauswart/console/features/feature.ts";
import { messages } from "../messages.ts";

/** The settings are shares, the headline is an amount. */
const limits: FeatureCard["limits"] = ({ settings, evidence }) =>
  (["warning", "failure"] as const).flatMap((severity) => {
    const percent = settings[`${severity}BelowPercent`];
    const { totalBytes } = evidence;
    return typeof percent === "number" && percent > 0 && typeof totalBytes === "number"
      ? [{ value: (totalBytes * percent) / 100, severity }]
      : [];
  });

export default [{ check: "memory", headline: "availableBytes", messages, limits }] satisfies FeatureCard[];
