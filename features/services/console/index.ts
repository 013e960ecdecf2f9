import type { FeatureCard } from "@hauswart/console/features/feature.ts";
import { messages } from "../messages.ts";

export default [{ check: "services", headline: "runningCount", messages }] satisfies FeatureCard[];
