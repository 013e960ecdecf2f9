import type { FeatureCard } from "@hauswart/console/features/feature.ts";
import { messages } from "../messages.ts";

const limits: FeatureCard["limits"] = ({ settings }) => {
  const value = settings["slowWarningMs"];
  return typeof value === "number" && value > 0 ? [{ value, severity: "warning" }] : [];
};

export default [{ check: "website", headline: "totalMs", messages, limits }] satisfies FeatureCard[];
