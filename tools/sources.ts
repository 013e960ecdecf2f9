/** The project's files, as the checks see them: by path from the root, with forward slashes. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's own folder. */
export const projectRoot = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");

/** What is made, fetched or collected rather than written; see .gitignore. */
const skippedFolders = new Set(["node_modules", ".git", "dist", "build", "data", "features/registry"]);

/** All files that people write, sorted. */
export function projectFiles(root: string): string[] {
  const found: string[] = [];
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!skippedFolders.has(entry.name) && !skippedFolders.has(path)) walk(path);
      } else if (entry.isFile() && !path.endsWith(".log")) found.push(path);
    }
  };
  walk("");
  return found.sort();
}

/** The text of a project file. */
export function readSource(root: string, path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** Whether the file holds code that the parser understands. */
export function isScript(path: string): boolean {
  return /\.(?:ts|tsx|mts|mjs|js)$/.test(path) && !path.endsWith(".d.ts");
}

/** Whether the file is a test, of whichever kind. */
export function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path);
}

/** Number of the line, from 1, at a place in a text. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let index = text.indexOf("\n"); index >= 0 && index < offset; index = text.indexOf("\n", index + 1)) line++;
  return line;
}
