/**
 * The typed client of the HTTP API. Its types are inferred from `routes`; nothing is generated. It runs wherever there is
 * a `fetch`: console, scripts, tests and simulator hand in their own.
 *
 *     const api = createClient({ base: "http://127.0.0.1:7350", fetch, table: routes, headers: { authorization: `Bearer ${key}` } });
 *     const { items } = await api("listDevices", { query: { state: "failure" } });
 */
import type { z } from "zod";
import type { Method, Problem, Route } from "./route.ts";
import type { RouteName, Routes } from "./routes.ts";

/** Empty for an object whose fields may all be left out. */
type Part<Name extends string, Schema extends z.ZodType> = [z.input<Schema>] extends [undefined]
  ? { readonly [Key in Name]?: undefined }
  : undefined extends z.input<Schema>
    ? { readonly [Key in Name]?: z.input<Schema> }
    : Record<never, never> extends z.input<Schema>
      ? { readonly [Key in Name]?: z.input<Schema> }
      : { readonly [Key in Name]: z.input<Schema> };

/** What a call of a route takes: path parameters, query and body, each only where the route has it. */
export type RequestOf<Name extends RouteName> =
  Routes[Name] extends Route<infer Params, infer Query, infer Body, z.ZodType>
    ? Part<"params", Params> & Part<"query", Query> & Part<"body", Body>
    : never;

/** What a route answers with; `undefined` for routes without a body. */
export type ResponseOf<Name extends RouteName> = z.output<Routes[Name]["response"]>;

/** One element of a list route's answer. */
export type ItemOf<Name extends RouteName> = ResponseOf<Name> extends { items: (infer Item)[] } ? Item : never;

/** What the client must know of each route at run time. `routes` itself fits; the console brings a table without schemas. */
export type RouteTable = Readonly<Record<RouteName, { readonly method: Method; readonly path: string; readonly csv?: true | undefined }>>;

/** The few things of the Web's fetch that the client uses. */
export type Fetch = (
  url: string,
  init: { method: string; headers: Record<string, string>; body?: string; signal?: AbortSignalLike; credentials?: "same-origin" },
) => Promise<{ readonly ok: boolean; readonly status: number; text(): Promise<string> }>;

/** An AbortSignal, without naming a runtime's type. */
// oxlint-disable-next-line typescript/no-explicit-any -- each runtime has its own AbortSignal; the client only passes it on
type AbortSignalLike = any;

/** Code of a call that got no answer at all: no network, server away, or an answer that was not ours. */
export const noAnswer = "NO_ANSWER";

/** A call that did not succeed. Branch on `code`: one of `errorCodes`, or `NO_ANSWER`. */
export class ApiError extends Error {
  readonly code: string;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly problem: Problem | undefined;
  constructor(code: string, status: number, problem?: Problem, cause?: unknown) {
    super(problem?.detail ? `${code}: ${problem.detail}` : code, { cause });
    this.name = "ApiError";
    this.code = code;
    this.status = status;
    this.problem = problem;
  }
}

export interface ClientOptions {
  /** Scheme, host and port, without the path; empty for the page's own origin. */
  readonly base: string;
  readonly fetch: Fetch;
  readonly table: RouteTable;
  /** Sent with every call. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Calls a route by name. Throws `ApiError`. */
export type Client = <Name extends RouteName>(
  name: Name,
  ...request: Record<never, never> extends RequestOf<Name>
    ? [request?: RequestOf<Name>, signal?: AbortSignalLike]
    : [request: RequestOf<Name>, signal?: AbortSignalLike]
) => Promise<ResponseOf<Name>>;

/** Path and query of a call, from `/api/v1` on. Parameters that are undefined or null are left out of the query. */
export function addressOf(
  path: string,
  params: Readonly<Record<string, unknown>> = {},
  query: Readonly<Record<string, unknown>> = {},
): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const pairs = Object.entries(query)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`);
  return `/api/v1${filled}${pairs.length > 0 ? `?${pairs.join("&")}` : ""}`;
}

/** The problem document in an answer's body, if it is one. */
function problemIn(text: string): Problem | undefined {
  try {
    const value = JSON.parse(text) as Partial<Problem> | null;
    return typeof value?.code === "string" && typeof value.status === "number" ? (value as Problem) : undefined;
  } catch {
    return undefined;
  }
}

/** Makes a client. The server has parsed what it answers with by the same schemas, so answers are not parsed a second time. */
export function createClient({ base, fetch, table, headers = {} }: ClientOptions): Client {
  return async (name, ...rest) => {
    const [request = {}, signal] = rest as [Record<string, unknown> | undefined, { readonly aborted: boolean } | undefined];
    const { method, path } = table[name];
    const url = base + addressOf(path, request["params"] as Record<string, unknown>, request["query"] as Record<string, unknown>);
    const body = request["body"] === undefined ? undefined : JSON.stringify(request["body"]);
    const sent: Record<string, string> = { accept: "application/json", ...headers };
    if (body !== undefined) sent["content-type"] = "application/json";
    let status = 0;
    let text: string;
    try {
      const answer = await fetch(url, { method, headers: sent, body, signal, credentials: "same-origin" });
      status = answer.status;
      text = await answer.text();
      if (!answer.ok) throw new ApiError(problemIn(text)?.code ?? noAnswer, status, problemIn(text));
      return (text === "" ? undefined : JSON.parse(text)) as never;
    } catch (error) {
      if (error instanceof ApiError || signal?.aborted) throw error;
      throw new ApiError(noAnswer, status, undefined, error);
    }
  };
}
