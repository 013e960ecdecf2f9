import type { FeatureCard } from "@hauswart/console/features/feature.ts";
import { messages } from "../messages.ts";

const limits: FeatureCard["limits"] = ({ settings }) =>
  (["warning", "failure"] as const).flatMap((severity) => {
    const value = settings[`${severity}AbovePercent`];
    return typeof value === "number" && value < 100 ? [{ value, severity }] : [];
  });

export default [{ check: "cpu-load", headline: "averagePercent", messages, limits }] satisfies FeatureCard[];
