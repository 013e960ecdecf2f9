import type { FeatureCard } from "@hauswart/console/features/feature.ts";
import { messages } from "../messages.ts";

export default [{ check: "uptime", headline: "uptimeSeconds", messages }] satisfies FeatureCard[];
