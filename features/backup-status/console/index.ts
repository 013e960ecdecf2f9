import type { FeatureCard } from "@hauswart/console/features/feature.ts";
import { messages } from "../messages.ts";

export default [{ check: "backup-status", headline: "jobCount", messages }] satisfies FeatureCard[];
