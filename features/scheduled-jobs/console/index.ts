import type { FeatureCard } from "@hauswart/console/features/feature.ts";
import { messages } from "../messages.ts";

export default [{ check: "scheduled-jobs", headline: "jobCount", messages }] satisfies FeatureCard[];
