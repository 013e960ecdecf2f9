/** The certificate of the server's own authority as a file for other computers: public, as every certificate is. */
import { createHash } from "node:crypto";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { OwnAuthority } from "../own-authority/own-authority.ts";
import type { InstallerFile } from "./installers.ts";

/** Short, because people type it into a browser. */
export const authorityPath = "/ca.crt";
/** Under which it is saved. */
export const authorityFileName = "hauswart-ca.crt";

export function authorityFile({ certificate }: OwnAuthority): InstallerFile {
  const sha256 = createHash("sha256").update(certificate).digest("hex");
  return { file: authorityFileName, path: authorityPath, bytes: Buffer.byteLength(certificate), sha256 };
}

/** GET /ca.crt, for everybody, in PEM. Errors: NOT_FOUND (the certificate is from elsewhere), METHOD_NOT_ALLOWED. */
export function answerAuthority(request: Request, authority: OwnAuthority | undefined): Response {
  if (request.method !== "GET" && request.method !== "HEAD")
    throw new HauswartError("METHOD_NOT_ALLOWED", undefined, { allow: ["GET", "HEAD"] });
  if (authority === undefined) throw new HauswartError("NOT_FOUND", "This server has no authority of its own.");
  // Browsers offer to trust it, by this type (RFC 5280 names none; it is Netscape's, which all of them know).
  const headers = { "content-type": "application/x-x509-ca-cert", "content-disposition": `attachment; filename="${authorityFileName}"` };
  return new Response(authority.certificate, { headers: { ...headers, "cache-control": "no-cache" } });
}
