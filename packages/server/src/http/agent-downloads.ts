/**
 * The agent's programs for other computers, as `npm run build:agent` made them: GET /download/hauswart-agent-linux-x64. Nothing in
 * them is secret; who may enrol is decided by the token.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { HauswartError } from "@hauswart/protocol/errors.ts";

export const downloadPath = "/download/";

const agentDirectory = fileURLToPath(new URL("../../../../dist/agent", import.meta.url));
/** Only names that the build gives; so no path leads out of the folder. */
const programName = /^hauswart-agent-[a-z0-9]+(-[a-z0-9]+)+(\.exe)?$/;

/** Errors: NOT_FOUND, METHOD_NOT_ALLOWED. */
export async function answerDownload(request: Request, directory = agentDirectory): Promise<Response> {
  if (request.method !== "GET" && request.method !== "HEAD")
    throw new HauswartError("METHOD_NOT_ALLOWED", undefined, { allow: ["GET", "HEAD"] });
  const name = new URL(request.url).pathname.slice(downloadPath.length);
  const file = Bun.file(join(directory, programName.test(name) ? name : "no-such-program"));
  if (!(await file.exists())) throw new HauswartError("NOT_FOUND", "There is no such agent here; npm run build:agent makes it.");
  return new Response(file, {
    headers: {
      "content-type": "application/octet-stream",
      "content-disposition": `attachment; filename="${name}"`,
      "cache-control": "no-cache",
    },
  });
}
