/**
 * Makes the folder of a new check: node tools/run.mjs new-check NAME. What it makes is a whole check that works and keeps every
 * rule (it counts the entries of chosen folders), to be turned into the one that is wanted file by file.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildRegistries } from "./registry.mjs";

const template = fileURLToPath(new URL("new-check", import.meta.url));
const features = fileURLToPath(new URL("../features", import.meta.url));
const ending = ".template";

/**
 * Writes the files of a check.
 * @param folder that they go to; must not exist. @returns their paths within it. Throws with a sentence for the person who asked.
 */
export function makeCheck(name: string, folder: string): string[] {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 64)
    throw new Error(`"${name}" is no name for a check. Names are words in lower case with hyphens between them: print-queue.`);
  if (existsSync(folder)) throw new Error(`${folder} is there already.`);
  const variable = name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  const files = readdirSync(template, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(ending));
  return files.sort().map((file) => {
    const path = file.slice(0, -ending.length);
    const text = readFileSync(join(template, file), "utf8").replaceAll("{{name}}", name).replaceAll("{{variable}}", variable);
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
    return path;
  });
}

function main(name: string | undefined): void {
  try {
    if (name === undefined) throw new Error("Say how the check is called: node tools/run.mjs new-check print-queue");
    for (const path of makeCheck(name, join(features, name))) console.log(`features/${name}/${path}`);
    buildRegistries();
    console.log(`\nTry it: node_modules/.bin/bun test features/conformance.test.ts features/${name}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}

if (import.meta.main) main(process.argv[2]);
