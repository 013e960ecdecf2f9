import type { FeatureCard } from "@hauswart/console/features/feature.ts";
import { messages } from "../messages.ts";

export default [{ check: "disk-growth", headline: "volumes.usedBytes", messages }] satisfies FeatureCard[];
