/**
 * The agent for other computers: GET /download/hauswart-agent-windows-x64.msi, for whoever is signed in, has an API key or brings an
 * enrolment token that still holds. Nothing in the files is secret; the address is not for strangers all the same, and holds no secret.
 */
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { authenticate } from "../access/authenticate.ts";
import { hashOfToken, kindOfToken } from "../access/tokens.ts";
import { linuxFiles, linuxScript } from "../install/linux-script.ts";
import { builtFolders, downloadPath, linuxScriptName, pathOfInstaller, type InstallerFolders } from "../install/installers.ts";
import type { Services } from "../services.ts";
import { isoTime } from "../times.ts";

/** Who asks. */
export interface DownloadCaller {
  readonly services: Services;
  readonly address: string;
  readonly userAgent: string;
  /** Of a session, an API key or an enrolment. */
  readonly token: string | undefined;
}

/** Errors: NOT_FOUND, METHOD_NOT_ALLOWED, UNAUTHENTICATED. */
export async function answerDownload(
  request: Request,
  caller: DownloadCaller,
  folders: InstallerFolders = builtFolders,
): Promise<Response> {
  if (request.method !== "GET" && request.method !== "HEAD")
    throw new HauswartError("METHOD_NOT_ALLOWED", undefined, { allow: ["GET", "HEAD"] });
  if (!(await mayDownload(caller))) throw new HauswartError("UNAUTHENTICATED", "Send the enrolment token, or sign in to the console.");
  const name = new URL(request.url).pathname.slice(downloadPath.length);
  if (name === linuxScriptName) {
    const { settings, ownAuthority } = caller.services;
    const script = linuxScript(settings.url, await linuxFiles(folders), ownAuthority?.certificate);
    return new Response(script, { headers: headersOf(name, "text/x-shellscript") });
  }
  const path = pathOfInstaller(name, folders);
  if (path === undefined)
    throw new HauswartError("NOT_FOUND", "There is no such file here; npm run build:agent and npm run build:installers make them.");
  return new Response(Bun.file(path), { headers: headersOf(name, "application/octet-stream") });
}

function headersOf(name: string, type: string): Record<string, string> {
  return { "content-type": type, "content-disposition": `attachment; filename="${name}"`, "cache-control": "private, no-cache" };
}

async function mayDownload({ services, address, userAgent, token }: DownloadCaller): Promise<boolean> {
  if (token === undefined) return false;
  if (kindOfToken(token) !== "enrolment") return (await authenticate(services, token, address, userAgent)) !== undefined;
  const rows = await services.database.unwalled("may download with an enrolment token", (tx) =>
    tx.sql("select 1 from hauswart.enrolment_token where token_hash = $1 and uses_left > 0 and expires_at > $2", [
      hashOfToken(token),
      isoTime(services.clock.now()),
    ]),
  );
  return rows.length > 0;
}
