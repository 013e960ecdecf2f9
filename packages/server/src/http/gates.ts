/** The gates that a request passes on its way to a verb, in this order. Each lets it through or throws an error with a code. */
import { isDangerous } from "@hauswart/protocol/api/dangers.ts";
import { CsvQuery, type AnyRoute } from "@hauswart/protocol/api/route.ts";
import type { RouteName } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { z } from "zod";
import { authenticate } from "../access/authenticate.ts";
import { requireFreshProof } from "../access/factors/fresh-proof.ts";
import { requireFactorIfOwed } from "../access/factors/required-factor.ts";
import { networkOf } from "../access/lock-out.ts";
import { requireScope } from "../access/require-scope.ts";
import { wantsCsv } from "./csv-answer.ts";
import { consoleHeader, consoleMark, type Environment, type Exchange } from "./exchange.ts";
import { limitRefusals } from "./limit-refusals.ts";
import { costOf } from "./request-limits.ts";
import { tokenInCookie } from "./session-cookie.ts";
import { findUnstorable } from "./storable-input.ts";

export type Gate = MiddlewareHandler<Environment>;

/** Hard limit of a request's body, bytes. The largest that makes sense is a policy with hundreds of checks. */
export const bodyLimitBytes = 1024 * 1024;

/** Refuses large bodies before they are read. Errors: TOO_LARGE. */
export const limitBody: Gate = bodyLimit({
  maxSize: bodyLimitBytes,
  onError: () => {
    throw new HauswartError("TOO_LARGE", `A request's body can have ${bodyLimitBytes} bytes at most.`);
  },
});

/** The token in a header `Authorization`. */
export const bearerOf = (authorization: string | null): string | undefined => /^bearer +(\S+)$/i.exec(authorization?.trim() ?? "")?.[1];

/** Finds the token, in the header or else in the console's cookie. */
export const findToken: Gate = async (exchange, next) => {
  const authorization = exchange.req.header("authorization");
  if (authorization !== undefined) {
    exchange.set("token", bearerOf(authorization));
    exchange.set("tokenFrom", "header");
  } else {
    const token = tokenInCookie(exchange.get("services").settings, exchange.req.header("cookie"));
    exchange.set("token", token);
    exchange.set("tokenFrom", token === undefined ? undefined : "cookie");
  }
  await next();
};

/**
 * Finds out who it is, once the body is here: its sender may take days over it, and the rights are those of the moment in which
 * the request is whole. Errors: UNAUTHENTICATED, TOO_MANY_REQUESTS.
 */
export const signedIn: Gate = async (exchange, next) => {
  const token = exchange.get("token");
  if (token === undefined) throw new HauswartError("UNAUTHENTICATED");
  const userAgent = exchange.req.header("user-agent") ?? "";
  const ctx = await limitRefusals(exchange, "refused", token, async () => {
    await exchange.req.text();
    const found = await authenticate(exchange.get("services"), token, exchange.get("address"), userAgent);
    if (!found) throw new HauswartError("UNAUTHENTICATED");
    return found;
  });
  exchange.set("ctx", ctx);
  await next();
};

/** Who is not signed in is counted by network: an office, or one subscriber's IPv6. Errors: TOO_MANY_REQUESTS. */
export const fewOfNetwork: Gate = async (exchange, next) => {
  exchange.get("limits").take("anonymous", networkOf(exchange.get("address")));
  await next();
};

/** By account or key, not by session: somebody may have many. Errors: TOO_MANY_REQUESTS. */
export const fewOfActor: Gate = async (exchange, next) => {
  exchange.get("limits").take("ordinary", exchange.get("ctx")!.actor.id);
  await next();
};

/** What is much work is counted apart, and only when it is going to be done. Errors: TOO_MANY_REQUESTS. */
export const fewThatCost =
  (name: RouteName): Gate =>
  async (exchange, next) => {
    const cost = costOf(name, wantsCsv(exchange, name));
    if (cost !== undefined) exchange.get("limits").take(cost, exchange.get("ctx")!.actor.id);
    await next();
  };

/**
 * A cookie is sent by the browser whoever made the request; so with a cookie the request must be known to come from the
 * console. Changing takes the console's header and no foreign origin; reading takes the header or the browser's word that the
 * request is from the same origin (frames and event streams cannot set headers). Errors: CROSS_SITE_REQUEST.
 */
export const sameSite: Gate = async (exchange, next) => {
  const marked = exchange.req.header(consoleHeader) === consoleMark;
  if ((exchange.get("tokenFrom") === "cookie" || marked) && !isFromConsole(exchange, marked)) throw new HauswartError("CROSS_SITE_REQUEST");
  await next();
};

function isFromConsole(exchange: Exchange, marked: boolean): boolean {
  const site = exchange.req.header("sec-fetch-site");
  const origin = exchange.req.header("origin");
  if (site !== undefined && site !== "same-origin") return false;
  if (origin !== undefined && !ownOrigins(exchange).includes(origin)) return false;
  const onlyReads = exchange.req.method === "GET" || exchange.req.method === "HEAD";
  return marked || (onlyReads && site === "same-origin");
}

/** The origin that was set, and the one under which this request reached us. */
function ownOrigins(exchange: Exchange): string[] {
  const { url, tls } = exchange.get("services").settings;
  const host = exchange.req.header("host");
  const scheme = tls.kind === "none" ? "http" : "https";
  return [new URL(url).origin, ...(host === undefined ? [] : [`${scheme}://${host}`])];
}

/** Errors: FORBIDDEN. */
export const inScope =
  (route: AnyRoute): Gate =>
  async (exchange, next) => {
    requireScope(exchange.get("ctx")!, route.scope);
    await next();
  };

/** Errors: SECOND_FACTOR_SETUP_REQUIRED. */
export const owesNoFactor =
  (name: RouteName): Gate =>
  async (exchange, next) => {
    requireFactorIfOwed(exchange.get("ctx")!, name);
    await next();
  };

/** Errors: STEP_UP_REQUIRED. */
export const freshlyProved =
  (name: RouteName): Gate =>
  async (exchange, next) => {
    if (isDangerous(name, exchange.get("input"))) await requireFreshProof(exchange.get("ctx")!);
    await next();
  };

/** Parses parameters, query and body; names that the route does not know are errors too. Errors: INVALID_REQUEST with issues. */
export const valid = (route: AnyRoute): Gate => {
  const query = route.csv ? (route.query as z.ZodObject).extend(CsvQuery.shape) : (route.query as z.ZodType);
  const schemas = { params: route.params as z.ZodType, query: strict(query), body: strict(route.body as z.ZodType) };
  const takesBody = !(route.body instanceof z.ZodUndefined);
  return async (exchange, next) => {
    const raw = { params: exchange.req.param(), query: queryOf(exchange), body: takesBody ? await bodyOf(exchange) : undefined };
    const issues: { path: string; message: string }[] = [];
    const input: Record<string, unknown> = {};
    // Parameters last: what the path says stands.
    for (const part of ["query", "body", "params"] as const) {
      const unstorable = findUnstorable(raw[part], part);
      const parsed = schemas[part].safeParse(raw[part]);
      if (unstorable) issues.push(unstorable);
      else if (parsed.success) Object.assign(input, parsed.data);
      else issues.push(...parsed.error.issues.map((issue) => ({ path: [part, ...issue.path].join("."), message: issue.message })));
    }
    if (issues.length > 0) throw new HauswartError("INVALID_REQUEST", undefined, { issues: issues.slice(0, 50) });
    exchange.set("input", input);
    await next();
  };
};

function strict(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodObject) return schema.strict();
  return schema instanceof z.ZodOptional ? strict(schema.unwrap() as z.ZodType).optional() : schema;
}

/** A name that comes twice is an error of its own schema: a list where a text belongs. */
function queryOf(exchange: Exchange): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(exchange.req.queries()).map(([name, values]) => [name, values.length === 1 ? values[0]! : values]),
  );
}

async function bodyOf(exchange: Exchange): Promise<unknown> {
  const text = await exchange.req.text();
  if (text === "") return undefined;
  const type = exchange.req.header("content-type") ?? "";
  if (!/^application\/json\s*(;|$)/i.test(type))
    throw new HauswartError("INVALID_REQUEST", "The body must be JSON, with content-type: application/json.");
  try {
    return JSON.parse(text);
  } catch {
    throw new HauswartError("INVALID_REQUEST", "The body is not valid JSON.");
  }
}
