import type { FeatureCard } from "@hauswart/console/features/feature.ts";
import { messages } from "../messages.ts";

export default [{ check: "time-skew", headline: "sinceSyncSeconds", messages }] satisfies FeatureCard[];
