/**
 * Builds the registries from the feature folders: features/registry/{protocol,agent,server,console}.ts. Not committed; made
 * before every build, test and start. Plain Node, because it runs before anything else does.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const features = fileURLToPath(new URL("../features", import.meta.url));

/** Which file of a feature each registry collects, and the shape of one import. */
const parts = {
  protocol: { file: "protocol.ts", note: "Declarations of all checks." },
  agent: { file: "agent/index.ts", note: "Collectors of all features." },
  server: { file: "server/index.ts", note: "Judged checks of all features." },
  console: { file: "console/index.ts", note: "Cards and texts of all features." },
  simulator: { file: "simulate.ts", note: "How simulated computers answer the checks." },
};

/** Writes the registries; a file is touched only when its text changes. @returns the feature names. */
export function buildRegistries() {
  const names = readdirSync(features, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !["registry", "node_modules"].includes(entry.name))
    .map((entry) => entry.name)
    .sort();
  mkdirSync(join(features, "registry"), { recursive: true });
  for (const [part, { file, note }] of Object.entries(parts)) {
    const present = names.filter((name) => existsSync(join(features, name, file)));
    const variable = (name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
    const text = [
      `/** ${note} Made by tools/registry.mjs from the feature folders. */`,
      ...present.map((name) => `import ${variable(name)} from "../${name}/${file}";`),
      "",
      `export default [${present.map((name) => `...${variable(name)}`).join(", ")}];`,
      "",
    ].join("\n");
    const path = join(features, "registry", `${part}.ts`);
    if (!existsSync(path) || readFileSync(path, "utf8") !== text) writeFileSync(path, text);
  }
  return names;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(buildRegistries().join("\n"));
