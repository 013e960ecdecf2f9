import type { FeatureCard } from "@hauswart/console/features/feature.ts";
import { messages } from "../messages.ts";

export default [{ check: "snmp", headline: "values.value", messages }] satisfies FeatureCard[];
