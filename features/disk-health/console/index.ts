import type { FeatureCard } from "@hauswart/console/features/feature.ts";
import { messages } from "../messages.ts";

/** The judge writes the temperatures that it compared with into the evidence. */
const limits: FeatureCard["limits"] = ({ evidence }) =>
  (["warning", "failure"] as const).flatMap((severity) => {
    const value = evidence[`${severity}Celsius`];
    return typeof value === "number" && value > 0 ? [{ value, severity }] : [];
  });

export default [{ check: "disk-health", headline: "drives.temperatureCelsius", messages, limits }] satisfies FeatureCard[];
