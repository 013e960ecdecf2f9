import type { FeatureCard } from "@hauswart/console/features/feature.ts";
import { messages } from "../messages.ts";

export default [{ check: "alarm-drill", headline: "", messages }] satisfies FeatureCard[];
