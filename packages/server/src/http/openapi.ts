/**
 * The OpenAPI 3.1 description of the API, made from the routes. Models become components, so that generated clients get named
 * types; a model that looks different when it is sent (defaults left out) has an Input twin.
 */
import * as models from "@hauswart/protocol/api/models.ts";
import * as policies from "@hauswart/protocol/api/policies.ts";
import { CsvQuery, Problem, type AnyRoute } from "@hauswart/protocol/api/route.ts";
import { routes, type RouteName } from "@hauswart/protocol/api/routes.ts";
import { errorCodes, type ErrorCode } from "@hauswart/protocol/errors.ts";
import { z } from "zod";
import { canBeDangerous } from "@hauswart/protocol/api/dangers.ts";
import { isOpenWithoutFactor } from "../access/factors/required-factor.ts";
import { version } from "../version.ts";
import { apiPath } from "./api-path.ts";
import { bodyLimitBytes } from "./gates.ts";

type Json = Record<string, unknown>;
type Io = "input" | "output";

/** Makes the document. @param url the server's address as others see it. */
export function openApiDocument(url: string): Json {
  const components = new Components();
  const paths: Record<string, Json> = {};
  for (const route of Object.values(routes) as AnyRoute[])
    (paths[route.path] ??= {})[route.method.toLowerCase()] = operationOf(route, components);
  components.add("Problem", Problem);
  return {
    openapi: "3.1.1",
    info: {
      title: "Hauswart",
      version,
      summary: "Everything that the console does.",
      description: `Errors are problem documents (RFC 9457); programs branch on \`code\` alone. Lists answer \`{items, next}\`; \`next\` goes into \`cursor\`. A body can have ${bodyLimitBytes} bytes.`,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: url + apiPath }],
    security: [{ bearer: [] }],
    tags: [...new Set((Object.values(routes) as AnyRoute[]).map(tagOf))].map((name) => ({ name })),
    paths,
    components: {
      schemas: components.all(),
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", description: "A session's token (POST /sessions) or an API key." },
        console: {
          type: "apiKey",
          in: "cookie",
          name: "hauswart-session",
          description: "The console's session; needs the header x-hauswart-request: console.",
        },
      },
    },
  };
}

/** Schemas by name, each converted once. */
class Components {
  readonly #schemas = new Map<string, Json>();
  readonly #names = new Map<unknown, string>(
    Object.entries({ ...models, ...policies }).flatMap(([name, schema]) => (schema instanceof z.ZodType ? [[schema, name] as const] : [])),
  );

  add(name: string, schema: z.ZodType): void {
    this.#names.set(schema, name);
    this.refer(schema, "output");
  }

  /** JSON Schema of a type; models within it as references. */
  refer(schema: z.ZodType, io: Io): Json {
    const registry = z.registry<{ id: string }>();
    for (const [model, name] of this.#names) registry.add(model as z.ZodType, { id: name });
    const {
      $schema: _,
      $defs: definitions = {},
      ...root
    } = z.toJSONSchema(schema, { io, metadata: registry, unrepresentable: "any", target: "draft-2020-12" }) as Json & {
      $defs?: Record<string, Json>;
    };
    const names = new Map(Object.entries(definitions).map(([name, definition]) => [name, this.#keep(name, definition, definitions, io)]));
    const own = this.#names.get(schema);
    if (own !== undefined && !("$ref" in root)) return { $ref: `#/components/schemas/${this.#keep(own, root, definitions, io)}` };
    return renamed(root, names) as Json;
  }

  all(): Json {
    return Object.fromEntries([...this.#schemas].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Keeps a model, under its name, or with Input behind it when it differs from the one that is answered with. */
  #keep(name: string, definition: Json, definitions: Record<string, Json>, io: Io): string {
    const kept = io === "output" || !this.#differs(name) ? name : `${name}Input`;
    const { id: _, ...plain } = definition;
    const names = new Map(
      Object.keys(definitions).map((other) => [other, io === "output" || !this.#differs(other) ? other : `${other}Input`]),
    );
    this.#schemas.set(kept, renamed(plain, names) as Json);
    return kept;
  }

  #differs(name: string): boolean {
    const schema = [...this.#names].find(([, candidate]) => candidate === name)![0] as z.ZodType;
    const text = (io: Io) =>
      JSON.stringify(z.toJSONSchema(schema, { io, unrepresentable: "any", target: "draft-2020-12" })).replaceAll(
        ',"additionalProperties":false',
        "",
      );
    return text("input") !== text("output");
  }
}

/** A copy with the references of JSON Schema turned into those of OpenAPI. */
function renamed(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((element) => renamed(element, names));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => {
      const target = key === "$ref" && typeof field === "string" ? /^#\/\$defs\/(.+)$/.exec(field)?.[1] : undefined;
      return [key, target === undefined ? renamed(field, names) : `#/components/schemas/${names.get(target) ?? target}`];
    }),
  );
}

function operationOf(route: AnyRoute, components: Components): Json {
  const takesBody = !(route.body instanceof z.ZodUndefined);
  const isOptional = route.body instanceof z.ZodOptional;
  return {
    operationId: route.name,
    summary: route.summary,
    tags: [tagOf(route)],
    ...(route.scope === "none" ? { security: [] } : { security: [{ bearer: [] }, { console: [] }] }),
    ...(route.scope === "none" || route.scope === "session" ? {} : { description: `Needs the right \`${route.scope}\`.` }),
    parameters: [
      ...parametersOf(route.params as z.ZodObject, "path", components),
      ...parametersOf(route.query as z.ZodObject, "query", components),
      ...(route.csv ? parametersOf(CsvQuery, "query", components) : []),
    ],
    ...(takesBody
      ? {
          requestBody: {
            required: !isOptional,
            content: {
              "application/json": { schema: components.refer((isOptional ? route.body.unwrap() : route.body) as z.ZodType, "input") },
            },
          },
        }
      : {}),
    responses: { [route.status]: successOf(route, components), ...failuresOf(route) },
  };
}

/** The first word of the path: what the route speaks of. */
const tagOf = (route: AnyRoute) => route.path.split("/")[1]!.replace(/\.json$/, "");

function parametersOf(schema: z.ZodObject, place: "path" | "query", components: Components): Json[] {
  return Object.entries(schema.shape).map(([name, field]) => {
    const { description, ...json } = components.refer(field as z.ZodType, place === "path" ? "output" : "input");
    const isRequired = place === "path" || !(field as z.ZodType).safeParse(undefined).success;
    return { name, in: place, required: isRequired, ...(description === undefined ? {} : { description }), schema: json };
  });
}

function successOf(route: AnyRoute, components: Components): Json {
  if (route.produces !== undefined) return { description: "Done.", content: { [route.produces]: { schema: { type: "string" } } } };
  if (route.status === 204) return { description: "Done." };
  const csv = route.csv ? { "text/csv": { schema: { type: "string" } } } : {};
  return {
    description: "Done.",
    content: { "application/json": { schema: components.refer(route.response as z.ZodType, "output") }, ...csv },
  };
}

/** What can go wrong, by status; the codes stand in the description. */
function failuresOf(route: AnyRoute): Json {
  const takesInput =
    Object.keys((route.params as z.ZodObject).shape).length + Object.keys((route.query as z.ZodObject).shape).length > 0 ||
    !(route.body instanceof z.ZodUndefined);
  const codes: ErrorCode[] = [
    ...(takesInput ? (["INVALID_REQUEST"] as const) : []),
    ...(route.scope === "none" ? [] : (["UNAUTHENTICATED", "CROSS_SITE_REQUEST"] as const)),
    ...(route.scope === "none" || isOpenWithoutFactor(route.name as RouteName) ? [] : (["SECOND_FACTOR_SETUP_REQUIRED"] as const)),
    ...(canBeDangerous(route.name as RouteName) ? (["STEP_UP_REQUIRED"] as const) : []),
    ...(route.scope === "none" || route.scope === "session" ? [] : (["FORBIDDEN"] as const)),
    ...(route.path.includes("{") ? (["NOT_FOUND"] as const) : []),
    ...(route.body instanceof z.ZodUndefined ? [] : (["TOO_LARGE"] as const)),
    ...route.errors,
    "TOO_MANY_REQUESTS",
    "INTERNAL",
    "NOT_READY",
  ];
  const byStatus = Map.groupBy(new Set(codes), (code) => errorCodes[code][0]);
  return Object.fromEntries(
    [...byStatus].map(([status, list]) => [
      status,
      {
        description: list.map((code) => `${code}: ${errorCodes[code][1]}`).join(" "),
        content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
      },
    ]),
  );
}
