import type { FeatureCard } from "@hauswart/console/features/feature.ts";
import { messages } from "../messages.ts";

export default [
  {
    check: "failed-logins",
    headline: "windowCount",
    messages,
    limits: ({ settings }) => {
      const { totalFailures } = settings;
      return typeof totalFailures === "number" && totalFailures > 0 ? [{ value: totalFailures, severity: "warning" }] : [];
    },
  },
] satisfies FeatureCard[];
