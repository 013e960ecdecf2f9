/** Tells whether what was built is still what the sources say. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { projectRoot } from "./sources.ts";

/**
 * Hash over names and contents of files.
 * @param sources files and folders, from the project's folder on; a missing one counts as empty.
 * @param besides paths below them that do not count.
 */
export function sourceHash(sources: readonly string[], besides: RegExp): string {
  const hash = createHash("sha256");
  for (const file of sources.flatMap((source) => filesOf(source, besides)))
    hash
      .update(file)
      .update("\0")
      .update(readFileSync(join(projectRoot, file)))
      .update("\0");
  return hash.digest("hex");
}

/** The files of a source, from the project's folder on, sorted. */
function filesOf(source: string, besides: RegExp): string[] {
  const path = join(projectRoot, source);
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [source];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(projectRoot, join(entry.parentPath, entry.name)))
    .filter((file) => !besides.test(file))
    .sort();
}
