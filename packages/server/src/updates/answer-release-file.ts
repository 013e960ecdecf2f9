/** Agents fetch a file of a release: GET /agent/v1/release/SHA256, with the agent's own proof. Parts of it too, so that a download can go on. */
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { downloadProof } from "@hauswart/protocol/wire/proofs.ts";
import { releaseFilePrefix } from "@hauswart/protocol/wire/versions.ts";
import { isSignedBy } from "../gateway/verify-signature.ts";
import type { Services } from "../services.ts";
import { releaseShelf } from "./release-shelf.ts";

/** A proof is good for so long; the agent counts by the server's clock. */
const proofHoldsMs = 15 * 60_000;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Errors: METHOD_NOT_ALLOWED, SIGNATURE_INVALID, NOT_FOUND. */
export async function answerReleaseFile(services: Services, request: Request): Promise<Response> {
  if (request.method !== "GET") throw new HauswartError("METHOD_NOT_ALLOWED", undefined, { allow: ["GET"] });
  const sha256 = new URL(request.url).pathname.slice(releaseFilePrefix.length);
  if (!(await isProven(services, request, sha256))) throw new HauswartError("SIGNATURE_INVALID");
  const path = releaseShelf(services).pathOf(sha256);
  if (!path) throw new HauswartError("NOT_FOUND");
  const file = Bun.file(path);
  const headers = { "content-type": "application/octet-stream", "cache-control": "no-store" };
  const from = Number(/^bytes=(\d{1,15})-$/.exec(request.headers.get("range") ?? "")?.[1] ?? 0);
  if (from === 0) return new Response(file, { headers });
  if (from >= file.size) return new Response(null, { status: 416, headers: { ...headers, "content-range": `bytes */${file.size}` } });
  return new Response(file.slice(from), {
    status: 206,
    headers: { ...headers, "content-range": `bytes ${from}-${file.size - 1}/${file.size}` },
  });
}

async function isProven({ database, clock }: Services, { headers }: Request, sha256: string): Promise<boolean> {
  const deviceId = headers.get("x-hauswart-device") ?? "";
  const at = headers.get("x-hauswart-time") ?? "";
  if (!uuid.test(deviceId) || !/^\d{1,15}$/.test(at) || Math.abs(Number(at) - clock.now()) > proofHoldsMs) return false;
  const rows = await database.unwalled("device that fetches a release", (tx) =>
    tx.sql<{ public_key: Buffer | null }>("select public_key from hauswart.device where device_id = $1 and lifecycle = 'active'", [
      deviceId,
    ]),
  );
  const key = rows[0]?.public_key;
  return key !== null && key !== undefined && isSignedBy(key, downloadProof(deviceId, sha256, at), headers.get("x-hauswart-proof") ?? "");
}
