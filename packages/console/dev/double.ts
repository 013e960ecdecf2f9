/**
 * A double of the API, in memory: the same routes, parsed and answered by the same schemas, with the same headers as the
 * server's. For developing the console and for its browser tests; it knows nothing that the routes do not say.
 */
import { routes, type Result, type RouteName } from "@hauswart/protocol/api/routes.ts";
import type { LiveEvent } from "@hauswart/protocol/api/models.ts";
import { HauswartError, errorCodes } from "@hauswart/protocol/errors.ts";
import { scopesOfRole } from "@hauswart/protocol/roles.ts";
import { existsSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { z } from "zod";
import { csvAnswer, type Page } from "./csv.ts";
import { isDangerous, isShortening } from "@hauswart/protocol/api/dangers.ts";
import { makeHandlers } from "./handlers.ts";
import { askerOf, type Call } from "./people.ts";
import { makeWorld, type World, type WorldOptions } from "./world.ts";

export { doubleAccount } from "./people.ts";

const cookieName = "hauswart-session";

/** Stricter than what the server may send: no style and no script but from files. */
export const strictPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const mailPolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";
const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

export interface DoubleOptions extends WorldOptions {
  /** Folder of the built console; without one only the API answers. */
  readonly dist?: string;
}

export interface Double {
  readonly world: World;
  /** Answers a request as the server would. */
  answer(request: Request): Promise<Response>;
  /** While true, every call of the API fails as if the server were gone. */
  isAway: boolean;
  /** Breaks the open live streams, as a restart of the server would. */
  breakStreams(): void;
}

function problem(error: HauswartError): Response {
  const body = {
    type: `urn:hauswart:error:${error.code}`,
    title: errorCodes[error.code][1],
    status: error.status,
    code: error.code,
    detail: error.detail,
    ...error.extra,
  };
  return Response.json(body, { status: error.status, headers: { "content-type": "application/problem+json" } });
}

/** Path patterns of the routes, longest literal first. */
const patterns = Object.values(routes).map((route) => ({
  route,
  names: [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!),
  pattern: new RegExp(`^/api/v1${route.path.replaceAll(/\{\w+\}/g, "([^/]+)")}$`),
}));

export function makeDouble(options: DoubleOptions = {}): Double {
  const world = makeWorld(options);
  const handlers = makeHandlers(world) as unknown as Record<string, (input: unknown, call: Call) => unknown>;
  const streams = new Set<ReadableStreamDefaultController<Uint8Array>>();
  const double: Double = {
    world,
    isAway: false,
    breakStreams() {
      for (const stream of streams) stream.close();
      streams.clear();
    },
    async answer(request) {
      const { pathname } = new URL(request.url);
      if (!pathname.startsWith("/api/")) return staticFile(options.dist, pathname);
      if (double.isAway) return new Response("Bad gateway", { status: 502 });
      try {
        return await callRoute(request, pathname);
      } catch (error) {
        if (error instanceof HauswartError) return problem(error);
        console.error(error);
        return problem(new HauswartError("INTERNAL"));
      }
    },
  };

  function callOf(request: Request): Call {
    const { people } = world;
    const key = new RegExp(`${cookieName}=(\\w+)`).exec(request.headers.get("cookie") ?? "")?.[1];
    const session = people.sessions.find((one) => one.key === key);
    const person = people.persons.find(({ account }) => account.accountId === session?.session.accountId);
    return {
      asker: session && person && person.disabledAt === null ? { session, person } : undefined,
      origin: request.headers.get("origin") ?? new URL(request.url).origin,
      userAgent: request.headers.get("user-agent") ?? "",
    };
  }

  /** What the role may do. */
  function guard(route: AnyRoute, { person }: NonNullable<Call["asker"]>): void {
    const isGranted = route.scope === "session" || (scopesOfRole[person.account.role] as readonly string[]).includes(route.scope);
    if (!isGranted) throw new HauswartError("FORBIDDEN");
  }

  async function callRoute(request: Request, pathname: string): Promise<Response> {
    const match = patterns
      .map((one) => ({ ...one, found: one.route.method === request.method ? one.pattern.exec(pathname) : null }))
      .find(({ found }) => found);
    if (!match) throw new HauswartError("NOT_FOUND");
    const { route, names, found } = match;
    const call = callOf(request);
    if (route.scope !== "none") guard(route, askerOf(call));
    const isMarked = request.headers.get("x-hauswart-request") === "console";
    if (!isMarked && !(request.method === "GET" && request.headers.get("sec-fetch-site") === "same-origin"))
      throw new HauswartError("CROSS_SITE_REQUEST");
    const params = Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(found![index + 1]!)]));
    const input = await parseInput(request, route, params);
    const name = route.name as RouteName;
    if ((isDangerous(name, input) || isShortening(name, input, world.settings)) && askerOf(call).session.provedUntilMs <= world.nowMs())
      throw new HauswartError("STEP_UP_REQUIRED");
    const special = specials[route.name as RouteName];
    if (special) return special(input, call);
    const list = async (cursor: string | undefined) => (await handlers[route.name]!({ ...input, cursor, limit: 500 }, call)) as Page;
    const csv = await csvAnswer(world, route.name as RouteName, new URL(request.url).searchParams, list);
    if (csv) return csv;
    const answer = await handlers[route.name]!(input, call);
    if (route.name.startsWith("createSession")) return signedIn(answer as Result<"createSession">);
    if (route.status === 204) return new Response(null, { status: 204 });
    return Response.json(route.response.parse(structuredClone(answer)), { status: route.status });
  }

  const specials: Partial<Record<RouteName, (input: Record<string, unknown>, call: Call) => Response>> = {
    getSession: (_input, call) => Response.json({ account: askerOf(call).person.account, apiKey: null }),
    endSession(_input, call) {
      const { session } = askerOf(call);
      world.people.sessions = world.people.sessions.filter((one) => one !== session);
      return new Response(null, { status: 204, headers: { "set-cookie": `${cookieName}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict` } });
    },
    getHealth: () => Response.json({ status: "ok", version: "0.1.0", problems: [] }),
    getReadiness: () => Response.json({ status: "ok", version: "0.1.0", problems: [] }),
    getMailHtml({ mailId }) {
      const mail = world.mails.find((one) => one.mailId === mailId);
      if (!mail) throw new HauswartError("NOT_FOUND");
      return new Response(mail.html, { headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": mailPolicy } });
    },
    exportCustomer: ({ customerId }) =>
      new Response(gzipSync(JSON.stringify(world.customers.find((one) => one.customerId === customerId))), {
        headers: { "content-type": "application/gzip", "content-disposition": 'attachment; filename="customer.tar.gz"' },
      }),
    streamEvents: () =>
      new Response(eventStream(world, streams), { headers: { "content-type": "text/event-stream", "cache-control": "no-store" } }),
  };
  return double;
}

/** Puts the session into the cookie: a page needs no token. */
function signedIn({ token, ...session }: Result<"createSession">): Response {
  const headers = { "set-cookie": `${cookieName}=${token}; Path=/; HttpOnly; SameSite=Strict` };
  return Response.json({ token: "", ...session }, { status: 201, headers });
}

type AnyRoute = (typeof routes)[RouteName];

async function parseInput(request: Request, route: AnyRoute, params: Record<string, string>): Promise<Record<string, unknown>> {
  const body: unknown = route.body instanceof z.ZodUndefined ? undefined : await request.json().catch(() => undefined);
  const parts = {
    params: [route.params, params],
    query: [route.query, Object.fromEntries(new URL(request.url).searchParams)],
    body: [route.body, body],
  } as unknown as Record<string, [z.ZodType, unknown]>;
  const input: Record<string, unknown> = {};
  for (const [part, [schema, value]] of Object.entries(parts)) {
    const parsed = schema.safeParse(value);
    if (!parsed.success)
      throw new HauswartError("INVALID_REQUEST", undefined, {
        issues: parsed.error.issues.map((issue) => ({ path: [part, ...issue.path].join("."), message: issue.message })),
      });
    Object.assign(input, parsed.data);
  }
  return input;
}

function eventStream(world: World, streams: Set<ReadableStreamDefaultController<Uint8Array>>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let leave = () => {};
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (text: string) => {
        try {
          controller.enqueue(encoder.encode(text));
        } catch {
          leave();
        }
      };
      const listen = (event: LiveEvent) => send(`event: live\ndata: ${JSON.stringify(event)}\n\n`);
      const heartbeat = setInterval(() => send(": alive\n\n"), 15_000);
      leave = () => {
        clearInterval(heartbeat);
        world.listeners.delete(listen);
        streams.delete(controller);
      };
      world.listeners.add(listen);
      streams.add(controller);
      send("retry: 3000\n\n");
    },
    cancel: () => leave(),
  });
}

/** The console's files; every address of a page is the same page. */
function staticFile(dist: string | undefined, pathname: string): Response {
  if (!dist) return new Response("Not found", { status: 404 });
  const wanted = /^\/[\w./-]+$/.test(pathname) && !pathname.includes("..") ? join(dist, pathname) : "";
  const isFile = extname(wanted) !== "" && existsSync(wanted);
  if (!isFile && extname(pathname) !== "") return new Response("Not found", { status: 404 });
  const file = isFile ? wanted : join(dist, "index.html");
  const type = types[extname(file)] ?? "application/octet-stream";
  return new Response(readFileSync(file), {
    headers: {
      "content-type": type,
      "cache-control": wanted.includes("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
      ...(file.endsWith(".html") ? { "content-security-policy": strictPolicy } : {}),
    },
  });
}
