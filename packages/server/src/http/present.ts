/** From a verb's result to an answer. Whatever the response schema does not name stays here. */
import type { AnyRoute } from "@hauswart/protocol/api/route.ts";
import type { RouteName } from "@hauswart/protocol/api/routes.ts";
import type { z } from "zod";
import { consoleHeader, consoleMark, type Exchange } from "./exchange.ts";
import { mailPolicy } from "./security-headers.ts";
import { sessionCookie } from "./session-cookie.ts";

type Present = (exchange: Exchange, result: never) => Response;

/** The console gets the token in a cookie, everybody else in the answer. */
function presentSession(exchange: Exchange, result: { token: string }): Response {
  exchange.get("knownTokens").note(result.token);
  if (exchange.req.header(consoleHeader) !== consoleMark) return presentJson(exchange.get("route"), result);
  const answer = presentJson(exchange.get("route"), { ...result, token: "" });
  answer.headers.append("set-cookie", sessionCookie(exchange.get("services").settings, result.token));
  return answer;
}

/** Routes whose answer is more than JSON by the schema. */
const special: Partial<Record<RouteName, Present>> = {
  createSession: presentSession,
  createSessionWithBreakGlass: presentSession,
  createSessionWithFactor: presentSession,
  createSessionWithOidc: presentSession,
  createSessionWithPasskey: presentSession,
  endSession: (exchange) => {
    const answer = new Response(null, { status: 204 });
    if (exchange.get("tokenFrom") === "cookie") answer.headers.append("set-cookie", sessionCookie(exchange.get("services").settings, ""));
    return answer;
  },
  streamEvents: (exchange, stream: ReadableStream<Uint8Array>) => {
    // Nobody reads the body of an answer to HEAD, and nobody would end the stream.
    if (exchange.req.method === "HEAD") void stream.cancel();
    return new Response(exchange.req.method === "HEAD" ? null : stream, {
      headers: { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" },
    });
  },
  exportCustomer: (exchange, stream: ReadableStream<Uint8Array>) => {
    // Nobody reads the body of an answer to HEAD.
    if (exchange.req.method === "HEAD") void stream.cancel();
    return new Response(exchange.req.method === "HEAD" ? null : stream, {
      headers: {
        "content-type": "application/gzip",
        "cache-control": "no-store",
        // No name of the customer in it: it ends up in folders that others see.
        "content-disposition": `attachment; filename="customer-${String(exchange.get("input")["customerId"])}.tar.gz"`,
      },
    });
  },
  getMailHtml: (_, html: string) =>
    new Response(html, {
      headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-store", "content-security-policy": mailPolicy },
    }),
};

/** The answer to a request whose verb has done its work. */
export function present(exchange: Exchange, name: RouteName, result: unknown): Response {
  const presenter = special[name];
  return presenter ? presenter(exchange, result as never) : presentJson(exchange.get("route"), result);
}

function presentJson({ status, response }: AnyRoute, result: unknown): Response {
  if (status === 204) return new Response(null, { status: 204 });
  const body = (response as z.ZodType).parse(result);
  return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", "cache-control": "no-store" } });
}
