/** The topic of a check; findings about devices and the server itself have one too. */
import { deviceCheckId } from "@hauswart/protocol/device-findings.ts";
import { serverCheckId } from "@hauswart/protocol/server-findings.ts";
import { siteCheckId } from "@hauswart/protocol/site-findings.ts";
import type { Topic } from "@hauswart/protocol/topics.ts";
import type { CheckRegistry } from "../services.ts";

export function topicOf(checks: CheckRegistry, checkId: string): Topic {
  if (checkId === serverCheckId) return "hauswart";
  return checkId === deviceCheckId || checkId === siteCheckId ? "availability" : (checks.get(checkId)?.definition.topic ?? "system");
}
