import type { FeatureCard } from "@hauswart/console/features/feature.ts";
import { messages } from "../messages.ts";

export default [{ check: "event-log", headline: "matchedCount", messages }] satisfies FeatureCard[];
