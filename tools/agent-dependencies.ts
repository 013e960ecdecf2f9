/**
 * Lists what the agent's executable is made of: packages/agent/deps.txt. The agent runs with all rights on customers'
 * computers, so whatever it comes to lean on shows as a changed line in a review. `bun tools/agent-dependencies.ts` writes it.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join, relative, resolve } from "node:path";
import { importsOf } from "./imports.ts";
import { isScript, projectRoot } from "./sources.ts";

const listFile = "packages/agent/deps.txt";

const head = `# What the agent's executable is made of. Written by tools/agent-dependencies.ts, compared by \`npm run verify\`.
# A line that comes or goes here changes what runs with all rights on customers' computers.
`;

interface Inputs {
  readonly [path: string]: {
    readonly imports: readonly { readonly path: string; readonly original?: string; readonly external?: boolean }[];
  };
}

/** The list, from what the bundler really takes in when it starts at the entry. Throws when the entry does not bundle. */
export async function agentDependencies(root: string): Promise<string> {
  // The loader has the application behind it.
  const entry = ["packages/agent/src/update/start.ts", "packages/agent/src/main.ts"].find((path) => existsSync(join(root, path)))!;
  const { metafile } = await Bun.build({ entrypoints: [join(root, entry)], root, target: "bun", metafile: true });
  const inputs = (metafile as { inputs: Inputs }).inputs;
  const own = new Set<string>();
  const libraries = new Map<string, Set<string>>();
  const runtime = new Map<string, Set<string>>();
  const note = (map: Map<string, Set<string>>, name: string, importer: string): void => {
    const importers = map.get(name) ?? new Set<string>();
    if (name !== importer) importers.add(importer);
    map.set(name, importers);
  };
  for (const [input, { imports }] of Object.entries(inputs)) {
    const path = relative(root, resolve(input));
    const importer = partOf(root, path);
    if (!importer.isLibrary) {
      own.add(importer.unit);
      // The bundler does not list what is reached through Bun's global or built into Bun.
      const doors = (isScript(path) ? importsOf(path, readFileSync(join(root, path), "utf8")) : []).filter(({ target }) =>
        /^(?:Bun\.|bun\b)/.test(target),
      );
      for (const { target } of doors) note(runtime, target, importer.name);
    }
    for (const one of imports) {
      if (one.external) note(runtime, runtimeName(one.original ?? one.path), importer.name);
      else {
        const target = partOf(root, relative(root, resolve(one.path)));
        if (target.isLibrary) note(libraries, target.name, importer.name);
      }
    }
  }
  return [
    head,
    "Of the project",
    ...[...own].sort().map(indent),
    "",
    "Libraries",
    ...listed(libraries),
    "",
    "Of the runtime",
    ...listed(runtime),
    "",
  ].join("\n");
}

/** What changed against the kept list; empty when nothing did. */
export async function findAgentDependencyChanges(root: string): Promise<string[]> {
  const now = await agentDependencies(root);
  const kept = existsSync(join(root, listFile)) ? readFileSync(join(root, listFile), "utf8") : "";
  if (kept === now) return [];
  const [before, after] = [kept, now].map((text) => new Set(text.split("\n")));
  const gone = [...(before ?? [])]
    .filter((line) => !after?.has(line))
    .map((line) => `${listFile} has "${line.trim()}", which is not so any more`);
  const come = [...(after ?? [])].filter((line) => !before?.has(line)).map((line) => `${listFile} lacks "${line.trim()}"`);
  return [...gone, ...come, "If that is meant: bun tools/agent-dependencies.ts"];
}

/** A module as the list names it: its path, or its library with the version. */
function partOf(root: string, path: string): { name: string; unit: string; isLibrary: boolean } {
  const library = /^(.*node_modules\/((?:@[^/]+\/)?[^/]+))\//.exec(path);
  if (library) {
    const { version } = JSON.parse(readFileSync(join(root, library[1] ?? "", "package.json"), "utf8")) as { version: string };
    const name = `${library[2]} ${version}`;
    return { name, unit: name, isLibrary: true };
  }
  return { name: path, unit: path.split("/").slice(0, 2).join("/"), isLibrary: false };
}

function runtimeName(name: string): string {
  return isBuiltin(name) && !name.startsWith("node:") && name !== "bun" && !name.startsWith("bun:") ? `node:${name}` : name;
}

function listed(map: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  return [...map]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([name, importers]) => [indent(name), ...[...importers].sort().map((importer) => indent(`  by ${importer}`))]);
}

function indent(line: string): string {
  return `  ${line}`;
}

if (import.meta.main) {
  writeFileSync(join(projectRoot, listFile), await agentDependencies(projectRoot));
  console.log(`${listFile} is written.`);
}
