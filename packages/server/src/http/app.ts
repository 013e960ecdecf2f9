/** The HTTP API as a Hono application: each route a list of gates, then its verb. */
import { type AnyRoute } from "@hauswart/protocol/api/route.ts";
import { routes, type RouteName } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { Hono } from "hono";
import type { Caller, Context } from "../context.ts";
import type { Services } from "../services.ts";
import { apiPath } from "./api-path.ts";
import { clientAddress, trustedProxies } from "./client-address.ts";
import { answerCsv, wantsCsv } from "./csv-answer.ts";
import type { Environment, Exchange } from "./exchange.ts";
import { KnownTokens } from "./known-tokens.ts";
import {
  fewOfActor,
  fewOfNetwork,
  fewThatCost,
  findToken,
  freshlyProved,
  inScope,
  limitBody,
  owesNoFactor,
  sameSite,
  signedIn,
  valid,
  type Gate,
} from "./gates.ts";
import { present } from "./present.ts";
import { explain, problemResponse } from "./problem.ts";
import type { VerbTable } from "./registry.ts";
import { RequestLimits } from "./request-limits.ts";
import { recordRequest } from "./request-record.ts";
import { commonHeaders, dataPolicy } from "./security-headers.ts";

/** Makes the application. What is not part of the API is left to `other`. */
export function makeApp(services: Services, verbs: VerbTable, other: (exchange: Exchange) => Promise<Response>): Hono<Environment> {
  const app = new Hono<Environment>();
  app.use(prepare(services), recordRequest(services));
  app.use(`${apiPath}/*`, limitBody, findToken);
  for (const [name, route] of Object.entries(routes) as [RouteName, AnyRoute][]) {
    app.on(route.method, honoPath(route), named(name, route), ...gatesOf(name, route), (exchange) => call(exchange, name, verbs));
  }
  for (const [path, methods] of methodsByPath()) {
    app.all(path, () => {
      throw new HauswartError("METHOD_NOT_ALLOWED", undefined, { allow: methods });
    });
  }
  app.all("/api/*", () => {
    throw new HauswartError("NOT_FOUND");
  });
  app.notFound(other);
  app.onError((error, exchange) => answerError(error, exchange));
  return app;
}

const honoPath = ({ path }: AnyRoute) => apiPath + path.replace(/\{(\w+)\}/g, ":$1");

/** HEAD is answered wherever GET is. */
function methodsByPath(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const route of Object.values(routes) as AnyRoute[]) {
    const methods = route.method === "GET" ? ["GET", "HEAD"] : [route.method];
    found.set(honoPath(route), [...(found.get(honoPath(route)) ?? []), ...methods]);
  }
  return found;
}

/** What every request needs before anything looks at it, and what every answer carries. */
function prepare(services: Services): Gate {
  const proxies = trustedProxies(services.settings.trustedProxies);
  const headers = Object.entries(commonHeaders(services.settings));
  const limits = new RequestLimits();
  const knownTokens = new KnownTokens();
  return async (exchange, next) => {
    const requestId = crypto.randomUUID();
    exchange.set("services", services);
    exchange.set("limits", limits);
    exchange.set("knownTokens", knownTokens);
    exchange.set("requestId", requestId);
    exchange.set("routeName", "unknown");
    const socket = exchange.env.server.requestIP(exchange.req.raw)?.address ?? "";
    exchange.set("address", clientAddress(proxies, socket, exchange.req.header("x-forwarded-for")));
    await next();
    const answer = exchange.res.headers;
    answer.set("x-request-id", requestId);
    for (const [name, value] of headers) answer.set(name, value);
    if (!answer.has("content-security-policy")) answer.set("content-security-policy", dataPolicy);
  };
}

const named =
  (name: RouteName, route: AnyRoute): Gate =>
  async (exchange, next) => {
    exchange.set("routeName", name);
    exchange.set("route", route);
    await next();
  };

function gatesOf(name: RouteName, route: AnyRoute): Gate[] {
  if (route.scope === "none") return [fewOfNetwork, sameSite, valid(route)];
  return [signedIn, fewOfActor, sameSite, owesNoFactor(name), inScope(route), valid(route), freshlyProved(name), fewThatCost(name)];
}

async function call(exchange: Exchange, name: RouteName, verbs: VerbTable): Promise<Response> {
  const verb = verbs[name] as (argument: unknown) => Promise<unknown>;
  const input = exchange.get("input");
  // The request is in; from here on it takes as long as the verb does (a policy for ten thousand devices, the live stream).
  exchange.env.server.timeout(exchange.req.raw, 0);
  const ctx: Context | undefined = exchange.get("ctx");
  if (ctx && wantsCsv(exchange, name)) return answerCsv(exchange, name, verb as Parameters<typeof answerCsv>[2], ctx);
  return present(exchange, name, await verb(ctx ? { ctx, input } : { caller: callerOf(exchange), input }));
}

/** Who asks, when nobody is signed in. */
export function callerOf(exchange: Exchange): Caller {
  return {
    services: exchange.get("services"),
    address: exchange.get("address"),
    userAgent: exchange.req.header("user-agent") ?? "",
    token: exchange.get("token"),
  };
}

function answerError(error: Error, exchange: Exchange): Response {
  const { answer, isFault } = explain(error);
  const requestId = exchange.get("requestId");
  if (isFault)
    exchange.get("services").log.error("a request failed", { requestId, route: exchange.get("routeName"), code: answer.code, error });
  return problemResponse(answer, requestId);
}
