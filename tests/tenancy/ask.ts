/** Calls a route as it stands in the contract, right or wrong, and tells what came of it. */
import { addressOf } from "@hauswart/protocol/api/client.ts";
import { routes, type RouteName } from "@hauswart/protocol/api/routes.ts";
import type { TestServer } from "@hauswart/testkit/server.ts";
import type { Attempt } from "./attempts.ts";

export interface Outcome {
  readonly status: number;
  readonly text: string;
  /** Of the problem document; undefined when there was no problem. */
  readonly code: string | undefined;
}

export async function askServer(
  server: TestServer,
  name: RouteName,
  { params, query, body }: Pick<Attempt, "params" | "query" | "body">,
  token?: string,
): Promise<Outcome> {
  const { method, path } = routes[name];
  const headers: Record<string, string> = {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { "content-type": "application/json" }),
  };
  const answer = await fetch(server.url + addressOf(path, params, query), {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const isProblem = answer.headers.get("content-type") === "application/problem+json";
  return { status: answer.status, text, code: isProblem ? (JSON.parse(text) as { code: string }).code : undefined };
}
