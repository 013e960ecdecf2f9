import type { FeatureCard } from "@hauswart/console/features/feature.ts";
import { messages } from "../messages.ts";

const hourSeconds = 3_600;

/** The settings count hours, the series seconds. Working days are no line in a graph: how long they are depends on the day. */
const limits: FeatureCard["limits"] = ({ settings }) =>
  (["warning", "failure"] as const).flatMap((severity) => {
    if (settings["signatureAgeUnit"] !== "hours") return [];
    const hours = settings[severity === "warning" ? "signatureWarningHours" : "signatureFailureHours"];
    return typeof hours === "number" && hours > 0 ? [{ value: hours * hourSeconds, severity }] : [];
  });

export default [{ check: "antivirus-status", headline: "products.signatureAgeSeconds", messages, limits }] satisfies FeatureCard[];
