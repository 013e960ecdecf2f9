/** Fetches a file of a release from the server, by the agent's own proof of who it is. A download that was cut off goes on where it stopped. */
import type { ReleaseFile } from "@hauswart/protocol/release/manifest.ts";
import { downloadProof } from "@hauswart/protocol/wire/proofs.ts";
import { releaseFilePath } from "@hauswart/protocol/wire/versions.ts";
import { trusting } from "../identity/trusted-certificates.ts";
import type { UpdateFiles } from "./update-files.ts";

const partFile = "download.part";
/** Names the file that the part belongs to. */
const partNameFile = "download.json";
/** No byte for so long, and the attempt is over. */
const stallMs = 60_000;
const mostAttempts = 5;
const firstPauseMs = 5_000;

export interface DownloadNeeds {
  readonly files: UpdateFiles;
  /** https://…, no slash at its end. */
  readonly server: string;
  readonly certificates: string | undefined;
  /** Proxies to try; undefined in the list means without one. */
  proxies(): Promise<readonly (string | undefined)[]>;
  readonly deviceId: string;
  sign(message: Uint8Array): Promise<string>;
  /** Unix time in milliseconds, by the server's clock as far as it is known. */
  serverTime(): number;
  pause(milliseconds: number): Promise<void>;
}

/** Why a file could not be had. */
export class DownloadError extends Error {
  readonly code: "DOWNLOAD_FAILED" | "HASH_WRONG";
  constructor(code: DownloadError["code"], detail: string) {
    super(detail);
    this.name = "DownloadError";
    this.code = code;
  }
}

/**
 * Has the file in the folder of updates, checked by its size and its hash.
 * @returns its name there
 * @throws DownloadError
 */
export async function download(needs: DownloadNeeds, file: ReleaseFile): Promise<string> {
  const { files } = needs;
  if (Buffer.from(files.read(partNameFile) ?? []).toString() !== file.sha256) {
    files.remove(partFile);
    files.replace(partNameFile, file.sha256);
  }
  let problem = "";
  for (let attempt = 0; attempt < mostAttempts && files.size(partFile) < file.sizeBytes; attempt++) {
    if (attempt > 0) await needs.pause(firstPauseMs * 2 ** attempt);
    try {
      await fetchRest(needs, file, attempt);
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    }
  }
  if (files.size(partFile) < file.sizeBytes) throw new DownloadError("DOWNLOAD_FAILED", problem);
  files.sync(partFile);
  if (files.size(partFile) === file.sizeBytes && files.hash(partFile) === file.sha256) return partFile;
  // What came is of no use, not even its beginning.
  files.remove(partFile);
  throw new DownloadError("HASH_WRONG", "What the server sent is not what was released.");
}

async function fetchRest(needs: DownloadNeeds, file: ReleaseFile, attempt: number): Promise<void> {
  const { files, certificates } = needs;
  const offset = files.size(partFile);
  const proxies = await needs.proxies();
  const proxy = proxies[attempt % Math.max(1, proxies.length)];
  const aborter = new AbortController();
  let stalled = setTimeout(() => aborter.abort(new Error("nothing came for a minute")), stallMs);
  try {
    const response = await fetch(needs.server + releaseFilePath(file.sha256), {
      headers: { ...(await proof(needs, file)), ...(offset > 0 ? { range: `bytes=${offset}-` } : {}) },
      redirect: "error",
      signal: aborter.signal,
      ...(proxy ? { proxy } : {}),
      ...trusting(certificates),
    });
    if (!response.ok || !response.body) throw new Error(`the server answers with status ${response.status}`);
    if (response.status !== 206) files.truncate(partFile, 0);
    else if (!response.headers.get("content-range")?.startsWith(`bytes ${offset}-`)) throw new Error("the server sends another part");
    for await (const bytes of response.body) {
      clearTimeout(stalled);
      stalled = setTimeout(() => aborter.abort(new Error("nothing came for a minute")), stallMs);
      if (files.size(partFile) + bytes.length > file.sizeBytes) throw new Error("the server sends more than there is");
      files.append(partFile, bytes);
    }
  } finally {
    clearTimeout(stalled);
    aborter.abort();
  }
}

/** Bound to this file and this minute. */
async function proof({ deviceId, sign, serverTime }: DownloadNeeds, { sha256 }: ReleaseFile): Promise<Record<string, string>> {
  const at = String(Math.round(serverTime()));
  return {
    "x-hauswart-device": deviceId,
    "x-hauswart-time": at,
    "x-hauswart-proof": await sign(downloadProof(deviceId, sha256, at)),
  };
}
