/**
 * The HTTP API is declared once, here and in the files beside this one: the server registers the routes, the console's
 * client infers its types from them, and the OpenAPI document is made from them.
 */
import { z } from "zod";
import type { ErrorCode } from "../errors.ts";
import { grantableScopes } from "../roles.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** What a key or a session must be allowed to do. `none` = no sign-in needed; `session` = any signed-in actor. */
export type Scope = "none" | "session" | GrantableScope;

/** What can be granted to a key. */
export const GrantableScope = z.enum(grantableScopes);
export type GrantableScope = z.infer<typeof GrantableScope>;

export interface Route<
  Params extends z.ZodObject = z.ZodObject,
  Query extends z.ZodObject = z.ZodObject,
  Body extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
  Access extends Scope = Scope,
> {
  /** Stable name, verb first: `listDevices`. OpenAPI's operationId. */
  readonly name: string;
  readonly method: Method;
  /** Below /api/v1, parameters as `{deviceId}`. */
  readonly path: string;
  readonly scope: Access;
  readonly summary: string;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly response: Response;
  /** Success status. */
  readonly status: 200 | 201 | 204;
  /** Codes besides those that every route can answer with. */
  readonly errors: readonly ErrorCode[];
  /** The route answers with something other than JSON (`text/event-stream`, `text/html`). */
  readonly produces?: string;
  /** The list can be had whole as CSV: `CsvQuery` then belongs to its query. */
  readonly csv?: true;
}

const nothing = z.object({});

/** Declares a route; left-out parts are empty. */
export function route<
  Params extends z.ZodObject = typeof nothing,
  Query extends z.ZodObject = typeof nothing,
  Body extends z.ZodType = z.ZodUndefined,
  Response extends z.ZodType = z.ZodUndefined,
  const Access extends Scope = Scope,
>(declaration: {
  name: string;
  method: Method;
  path: string;
  scope: Access;
  summary: string;
  params?: Params;
  query?: Query;
  body?: Body;
  response?: Response;
  status?: 200 | 201 | 204;
  errors?: readonly ErrorCode[];
  produces?: string;
  csv?: true;
}): Route<Params, Query, Body, Response, Access> {
  return {
    params: nothing as unknown as Params,
    query: nothing as unknown as Query,
    body: z.undefined() as z.ZodType as Body,
    response: z.undefined() as z.ZodType as Response,
    status: 200,
    errors: [],
    ...declaration,
  };
}

/** Any route, for code that treats all alike. */
// oxlint-disable-next-line typescript/no-explicit-any -- each route is parsed by its own schemas
export type AnyRoute = Route<any, any, any, any>;

/** Takes an empty part out: zod reads `{}` as "no key at all", which would forbid the other parts' keys. */
type Filled<Part> = Part extends Record<string, never> ? unknown : Part;

/** What a verb gets: parsed parameters, query and body as one flat object. No route uses one name twice. */
export type InputOf<R extends AnyRoute> = Filled<z.output<R["params"]>> &
  Filled<z.output<R["query"]>> &
  (z.output<R["body"]> extends undefined ? unknown : NonNullable<z.output<R["body"]>>);

/** What a verb returns; the response schema strips whatever else is in it. */
export type ResultOf<R extends AnyRoute> = z.input<R["response"]> extends undefined ? void : z.input<R["response"]>;

/** Query of every list: an opaque cursor and a page size. */
export const PageQuery = z.object({
  cursor: z.string().max(500).optional().describe("`next` of the page before."),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

/** Query of the lists that can be had as CSV. All rows come at once; cursor and limit are not looked at then. */
export const CsvQuery = z.object({
  format: z.enum(["json", "csv"]).optional().describe("csv: all rows as a table (RFC 4180, UTF-8); `Accept: text/csv` asks for the same."),
  language: z
    .enum(["de", "en"])
    .optional()
    .describe("Language of the table's titles and words. Left out: Accept-Language, else the actor's own."),
  separator: z.enum(["comma", "semicolon"]).default("comma").describe("semicolon: for spreadsheets set to German."),
});

/** Answer of every list. `next` is null on the last page. */
export const page = <Item extends z.ZodType>(item: Item) => z.object({ items: z.array(item), next: z.string().nullable() });

/** Problem details, RFC 9457. */
export const Problem = z.object({
  type: z.string().describe("urn:hauswart:error:CODE"),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string().optional(),
  /** Where a request did not fit: path of the field and what was wrong. */
  issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  usedBy: z
    .array(
      z.object({
        kind: z.enum([
          "calendar",
          "provider",
          "customer",
          "site",
          "escalation-plan",
          "device",
          "policy",
          "recipient",
          "maintenance-window",
        ]),
        name: z.string(),
      }),
    )
    .optional()
    .describe("With IN_USE: what uses it, up to twenty."),
});
export type Problem = z.infer<typeof Problem>;
