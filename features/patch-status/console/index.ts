import type { FeatureCard } from "@hauswart/console/features/feature.ts";
import { messages } from "../messages.ts";

export default [{ check: "patch-status", headline: "missingCount", messages }] satisfies FeatureCard[];
