/**
 * The console's files. The folder is read once; a request can only name what was found then, so no path leads out of it. Files
 * below /assets/ carry a hash in their name and never change; every other address of the console is the same page.
 */
import { readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { consolePolicy } from "./security-headers.ts";

/** Where the built console lies. */
export const consoleDirectory = fileURLToPath(new URL("../../../console/dist", import.meta.url));

interface StaticFile {
  readonly body: Uint8Array<ArrayBuffer>;
  /** Undefined where packing gains nothing. */
  readonly packed: Uint8Array<ArrayBuffer> | undefined;
  readonly type: string;
  readonly isPage: boolean;
  readonly isHashed: boolean;
  readonly tag: string;
}

export interface StaticFiles {
  /** Errors: NOT_FOUND, METHOD_NOT_ALLOWED. */
  answer(request: Request): Response;
}

const smallestWorthPacking = 1_024;
const packable = /^(text\/|application\/(javascript|json|manifest\+json)|image\/svg)/;

/** Reads the folder; without one every request answers NOT_FOUND, with the reason. */
export async function staticFiles(directory: string): Promise<StaticFiles> {
  const files = await readAll(directory);
  return {
    answer(request) {
      const path = new URL(request.url).pathname;
      if (request.method !== "GET" && request.method !== "HEAD")
        throw new HauswartError("METHOD_NOT_ALLOWED", undefined, { allow: ["GET", "HEAD"] });
      const file = files.get(path) ?? (isPagePath(path) ? files.get("/index.html") : undefined);
      if (!file) throw new HauswartError("NOT_FOUND", files.size === 0 ? "The console has not been built." : undefined);
      return answerWith(file, request);
    },
  };
}

/** Addresses of the console's own pages: plain words, no file names, nothing encoded that could mean something else. */
function isPagePath(path: string): boolean {
  return path.length <= 500 && /^\/(?!assets\/)[A-Za-z0-9/_~-]*$/.test(path) && !path.includes("//");
}

async function readAll(directory: string): Promise<Map<string, StaticFile>> {
  let names: string[];
  try {
    names = readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return new Map();
    throw error;
  }
  return new Map(
    await Promise.all(
      names.map(async (name) => [`/${relative(directory, name).split(sep).join("/")}`, await readOne(name, directory)] as const),
    ),
  );
}

async function readOne(name: string, directory: string): Promise<StaticFile> {
  const file = Bun.file(name);
  const body = await file.bytes();
  const isPage = name.endsWith(".html");
  const packed = packable.test(file.type) && body.length >= smallestWorthPacking ? Bun.gzipSync(body, { level: 9 }) : undefined;
  return {
    body,
    packed,
    type: file.type,
    isPage,
    isHashed: relative(directory, name).startsWith(`assets${sep}`),
    tag: `"${Bun.hash(body).toString(36)}"`,
  };
}

function answerWith(file: StaticFile, request: Request): Response {
  const headers: Record<string, string> = {
    "content-type": file.type,
    etag: file.tag,
    "cache-control": file.isHashed ? "public, max-age=31536000, immutable" : "no-cache",
    ...(file.packed ? { vary: "accept-encoding" } : {}),
    ...(file.isPage ? { "content-security-policy": consolePolicy } : {}),
  };
  if (request.headers.get("if-none-match") === file.tag) return new Response(null, { status: 304, headers });
  const isPacked = file.packed !== undefined && /\bgzip\b/.test(request.headers.get("accept-encoding") ?? "");
  if (isPacked) headers["content-encoding"] = "gzip";
  return new Response(isPacked ? file.packed : file.body, { headers });
}
