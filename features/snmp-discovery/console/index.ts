import type { FeatureCard } from "@hauswart/console/features/feature.ts";
import { messages } from "../messages.ts";

export default [{ check: "snmp-discovery", headline: "devicesCount", messages }] satisfies FeatureCard[];
