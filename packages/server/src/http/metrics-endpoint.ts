/** The server's figures for Prometheus: for this computer itself, or with a key that may read the settings. */
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { authenticate } from "../access/authenticate.ts";
import { requireAllCustomers, requireScope } from "../access/require-scope.ts";
import type { Services } from "../services.ts";
import { isLoopback } from "../settings.ts";
import { bearerOf } from "./gates.ts";

/** Errors: UNAUTHENTICATED, FORBIDDEN, METHOD_NOT_ALLOWED. */
export async function answerMetrics(services: Services, request: Request, address: string): Promise<Response> {
  if (request.method !== "GET") throw new HauswartError("METHOD_NOT_ALLOWED", undefined, { allow: ["GET", "HEAD"] });
  if (!isFromHere(request, address)) await requireReader(services, request, address);
  return new Response(await services.metrics.text(), {
    headers: { "content-type": services.metrics.contentType, "cache-control": "no-store" },
  });
}

/** Behind a proxy everybody comes from this computer; so a request that went through one never counts as from here. */
function isFromHere(request: Request, address: string): boolean {
  return isLoopback(address) && !["x-forwarded-for", "x-real-ip", "forwarded", "via"].some((name) => request.headers.has(name));
}

async function requireReader(services: Services, request: Request, address: string): Promise<void> {
  const token = bearerOf(request.headers.get("authorization"));
  const ctx = token === undefined ? undefined : await authenticate(services, token, address, request.headers.get("user-agent") ?? "");
  if (!ctx) throw new HauswartError("UNAUTHENTICATED");
  requireScope(ctx, "settings:read");
  requireAllCustomers(ctx);
}
