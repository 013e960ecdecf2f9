import { deviceCheckId } from "@hauswart/protocol/device-findings.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { serverCheckId } from "@hauswart/protocol/server-findings.ts";
import { siteCheckId } from "@hauswart/protocol/site-findings.ts";
import type { Context } from "../../context.ts";

/** Errors: INVALID_REQUEST (unknown check). */
export function requireKnownChecks({ services }: Pick<Context, "services">, checks: readonly string[] | null | undefined): void {
  const ownChecks = [deviceCheckId, serverCheckId, siteCheckId];
  const unknown = (checks ?? []).find((check) => !ownChecks.includes(check) && !services.checks.has(check));
  if (unknown === undefined) return;
  throw new HauswartError("INVALID_REQUEST", undefined, { issues: [{ path: "body.checks", message: `There is no check ${unknown}.` }] });
}
