import { expect, test } from "bun:test";
import type { AnyRoute } from "@hauswart/protocol/api/route.ts";
import { routes } from "@hauswart/protocol/api/routes.ts";
import { errorCodes } from "@hauswart/protocol/errors.ts";
import { Validator } from "@seriousme/openapi-schema-validator";
import { openApiDocument } from "./openapi.ts";

const document = openApiDocument("https://hauswart.example") as {
  openapi: string;
  paths: Record<
    string,
    Record<
      string,
      {
        operationId: string;
        parameters: { name: string; in: string; required: boolean }[];
        responses: Record<string, unknown>;
        requestBody?: unknown;
        security?: unknown[];
      }
    >
  >;
  components: { schemas: Record<string, { properties?: Record<string, unknown>; required?: string[] }> };
};

test("the document is valid OpenAPI 3.1", async () => {
  const result = await new Validator().validate(structuredClone(document));
  expect(result.errors ?? []).toEqual([]);
  expect(result.valid).toBe(true);
  expect(document.openapi).toStartWith("3.1.");
});

test("a document that is not valid is told apart", async () => {
  const broken = structuredClone(document) as { paths: Record<string, Record<string, { responses?: unknown }>> };
  broken.paths["/devices"]!["get"]!.responses = "none";
  expect((await new Validator().validate(broken)).valid).toBe(false);
});

test("every route is in it, under its name, method and path", () => {
  const described = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { operationId }]) => `${operationId} ${method.toUpperCase()} ${path}`),
  );
  expect(described.sort()).toEqual(
    Object.values(routes)
      .map(({ name, method, path }) => `${name} ${method} ${path}`)
      .sort(),
  );
});

test("every reference leads somewhere", () => {
  const targets = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name!);
  expect(targets.length).toBeGreaterThan(50);
  for (const name of targets) expect(Object.keys(document.components.schemas)).toContain(name);
  expect(JSON.stringify(document)).not.toContain("#/$defs");
});

test("parameters of the path are required, those of the query only without a default", () => {
  const { parameters } = document.paths["/devices/{deviceId}/checks/{number}/series"]!["get"]!;
  expect(parameters.map(({ name, in: place, required }) => `${place} ${name} ${required}`)).toEqual([
    "path deviceId true",
    "path number true",
    "query from true",
    "query to true",
    "query field false",
    "query subject false",
  ]);
  expect(document.paths["/devices"]!["get"]!.parameters.filter(({ required }) => required)).toEqual([]);
});

test("what may be left out when sending is not required there, and present when answered", () => {
  const { schemas } = document.components;
  expect(schemas["NewCustomer"]?.required ?? schemas["NewCustomerInput"]?.required).toEqual(["name"]);
  expect(schemas["PolicyCheckInput"]!.required).toEqual(["check"]);
  expect(schemas["PolicyCheck"]!.required).toContain("instance");
});

test("public routes ask for no sign-in, all others do", () => {
  for (const { name, method, path, scope, errors } of Object.values(routes) as AnyRoute[]) {
    const { security, responses } = document.paths[path]![method.toLowerCase()]!;
    const isPublic = scope === "none";
    const refuses = errors.some((code) => errorCodes[code][0] === 401);
    expect([name, security!.length > 0, "401" in responses]).toEqual([name, !isPublic, !isPublic || refuses]);
  }
});
