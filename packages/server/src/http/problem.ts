/** Errors as the API answers with them: problem documents (RFC 9457) with a stable code. */
import type { Problem } from "@hauswart/protocol/api/route.ts";
import { errorCodes, HauswartError } from "@hauswart/protocol/errors.ts";
import {
  isConflict,
  isDiskFull,
  isForeignKeyViolation,
  isRefusedByWall,
  isRefusedData,
  isUnavailable,
  isUniqueViolation,
} from "../database/errors.ts";

/** How soon to come back when the server or its database is away for a moment, seconds. */
const comeBackSeconds = 5;

/**
 * What an error means to who asked. What is not known to be harmless becomes INTERNAL and tells nothing.
 * @returns the error to answer with, and whether the original belongs into the log as a fault of the server.
 */
export function explain(error: unknown): { answer: HauswartError; isFault: boolean } {
  if (error instanceof HauswartError) return { answer: error, isFault: error.code === "INTERNAL" };
  if (isUnavailable(error))
    return {
      answer: new HauswartError("NOT_READY", "The database cannot be reached.", { retryAfterSeconds: comeBackSeconds }),
      isFault: true,
    };
  if (isDiskFull(error)) return { answer: new HauswartError("SERVER_BUSY", "The disk under the database is full."), isFault: true };
  if (isConflict(error)) return { answer: new HauswartError("CONFLICT"), isFault: false };
  if (isUniqueViolation(error)) return { answer: new HauswartError("CONFLICT", "There is one of this name already."), isFault: false };
  if (isForeignKeyViolation(error)) return { answer: new HauswartError("NOT_FOUND"), isFault: true };
  // The verbs should have said no before; the wall behind them did.
  if (isRefusedByWall(error)) return { answer: new HauswartError("FORBIDDEN"), isFault: true };
  if (isRefusedData(error)) return { answer: new HauswartError("INVALID_REQUEST"), isFault: true };
  return { answer: new HauswartError("INTERNAL"), isFault: true };
}

/** The document of an error. */
export function problemOf(error: HauswartError, requestId: string): Problem & Record<string, unknown> {
  const [status, title] = errorCodes[error.code];
  return {
    ...error.extra,
    type: `urn:hauswart:error:${error.code}`,
    title,
    status,
    code: error.code,
    ...(error.detail === undefined ? {} : { detail: error.detail }),
    requestId,
  };
}

/** The answer to a request that did not succeed. */
export function problemResponse(error: HauswartError, requestId: string): Response {
  const headers: Record<string, string> = { "content-type": "application/problem+json", "cache-control": "no-store" };
  if (error.status === 401) headers["www-authenticate"] = "Bearer";
  const wait = error.extra?.["retryAfterSeconds"];
  if (typeof wait === "number") headers["retry-after"] = String(Math.ceil(wait));
  const allow = error.extra?.["allow"];
  if (Array.isArray(allow)) headers["allow"] = allow.join(", ");
  return new Response(JSON.stringify(problemOf(error, requestId)), { status: error.status, headers });
}
