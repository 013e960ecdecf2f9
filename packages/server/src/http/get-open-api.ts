import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { PublicVerb } from "../context.ts";
import { openApiDocument } from "./openapi.ts";

/** Made once: neither the routes nor the address change while the server runs. */
let made: { readonly url: string; readonly document: Record<string, unknown> } | undefined;

/** The description of this API, as OpenAPI 3.1. */
export async function getOpenApi({ caller }: PublicVerb<Input<"getOpenApi">>): Promise<Result<"getOpenApi">> {
  const { url } = caller.services.settings;
  if (made?.url !== url) made = { url, document: openApiDocument(url) };
  return made.document;
}
