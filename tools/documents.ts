/** Checks that the documents tell the truth of today: paths, error codes and dependencies in them are those of the project. */
import { existsSync } from "node:fs";
import { join, posix } from "node:path";
import { errorCodes } from "@hauswart/protocol/errors.ts";
import { CollectFailure } from "@hauswart/protocol/outcome.ts";
import { isScript, isTest, lineAt, projectFiles, readSource } from "./sources.ts";

const cited = /(?<![\w./@-]|\]\()(?:packages|features|tools|tests|bench|docs|changes|\.ci)\/[\w.*{},/-]*\w\/?/g;
const linked = /\]\(([^)\s]+)\)/g;

/** Placeholders, and what is made rather than kept. */
const notCited = /\b[A-Z]{2,}\b|^features\/registry\b|\/(?:dist|node_modules)\b/;

/** Paths in documents, and documents named in source files, that do not exist; as `FILE:LINE …`. */
export function findDeadPaths(root: string): string[] {
  const files = projectFiles(root);
  return files
    .filter((path) => (path.endsWith(".md") && !path.includes("/testdata/")) || (isScript(path) && !isTest(path)))
    .flatMap((path) => {
      const text = readSource(root, path);
      const exists = (target: string): boolean => existsSync(join(root, target)) || files.some((file) => new Bun.Glob(target).match(file));
      const dead = (target: string, offset: number): string[] =>
        exists(target) ? [] : [`${path}:${lineAt(text, offset)} cites ${target}, which does not exist`];
      if (isScript(path)) return [...text.matchAll(/(?<![\w./-])docs\/[\w./-]+\.md\b/g)].flatMap((match) => dead(match[0], match.index));
      return [
        ...[...text.matchAll(cited)].flatMap((match) => (notCited.test(match[0]) ? [] : dead(match[0].replace(/\/$/, ""), match.index))),
        ...[...text.matchAll(linked)].flatMap((match) => deadLink(String(match[1]), path, (target) => dead(target, match.index))),
      ];
    });
}

function deadLink(link: string, path: string, dead: (target: string) => string[]): string[] {
  if (/^(?:\w+:|#)/.test(link)) return [];
  return dead(posix.normalize(posix.join(posix.dirname(path), link.replace(/#.*$/, ""))));
}

/** First cells of a document's table rows whose first cell is code or a plain name, with all cells. */
function tableRows(text: string): { name: string; cells: string[] }[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("|") && !/^\|[\s:|-]+\|$/.test(line))
    .map((line) =>
      line
        .slice(1, line.lastIndexOf("|"))
        .split("|")
        .map((cell) => cell.trim()),
    )
    .map((cells) => ({ name: (cells[0] ?? "").replaceAll("`", ""), cells }))
    .filter(({ name }) => name !== "name" && name !== "code");
}

/** Error codes that docs/errors.md does not describe, describes twice or wrongly, or that do not exist. */
export function findErrorGaps(document: string): string[] {
  const statuses = new Map<string, string>(Object.entries(errorCodes).map(([code, [status]]) => [code, String(status)]));
  for (const code of CollectFailure.options) statuses.set(code, "-");
  return compareTable("docs/errors.md", tableRows(document), [...statuses.keys()], ({ name, cells }) => {
    const [, status, meaning = "", remedy = ""] = cells;
    const problems = [];
    if (status !== statuses.get(name)) problems.push(`docs/errors.md gives ${name} the status ${status}; it is ${statuses.get(name)}`);
    if (meaning === "" || remedy === "") problems.push(`docs/errors.md does not say what ${name} means and what to do`);
    return problems;
  });
}

/** Dependencies that docs/dependencies.md does not explain, and explanations without a dependency. A name may end with `*`. */
export function findDependencyGaps(document: string, dependencies: readonly string[]): string[] {
  return compareTable("docs/dependencies.md", tableRows(document), dependencies, ({ name, cells }) =>
    cells.length === 4 && cells.every((cell) => cell !== "")
      ? []
      : [`docs/dependencies.md: the row of ${name} has empty cells or not four of them`],
  );
}

/** All third-party packages that the project's package.json files ask for. */
export function declaredDependencies(root: string): string[] {
  const manifests = projectFiles(root).filter(
    (path) => path === "package.json" || /^(?:packages\/[^/]+|features)\/package\.json$/.test(path),
  );
  const names = manifests.flatMap((path) => {
    const manifest = JSON.parse(readSource(root, path)) as Record<string, Record<string, string> | undefined>;
    return ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"].flatMap((kind) =>
      Object.keys(manifest[kind] ?? {}),
    );
  });
  return [...new Set(names)].filter((name) => !name.startsWith("@hauswart/")).sort();
}

/** All checks: folders of features that declare one. */
export function declaredChecks(root: string): string[] {
  return projectFiles(root).flatMap((path) => /^features\/([^/]+)\/protocol\.ts$/.exec(path)?.[1] ?? []);
}

/** README.md's two tables of checks, by their heads: what is watched, and where it was run. */
const checkTables = ["| check | what |", "| check | Linux | Windows | macOS |"] as const;

/** Checks that one of README.md's two tables lacks, names twice or says nothing of, and rows of checks that do not exist. A row may name several. */
export function findCheckGaps(document: string, checks: readonly string[]): string[] {
  return checkTables.flatMap((head) => {
    const [, table] = document.split(`${head}\n`);
    if (table === undefined) return [`README.md has no table ${head}`];
    const rows = tableRows(table.split("\n\n", 1)[0]!).flatMap(({ name, cells }) =>
      name.split(", ").map((each) => ({ name: each.replace(/^\[(.+)\]\(features\/\1\/README\.md\)$/, "$1"), cells })),
    );
    const columns = head.split("|").length - 2;
    return compareTable(`README.md, ${head}`, rows, checks, ({ name, cells }) =>
      cells.length === columns && cells.every((cell) => cell !== "")
        ? []
        : [`README.md, ${head}: the row of ${name} has empty cells or too few`],
    );
  });
}

type Row = ReturnType<typeof tableRows>[number];

function compareTable(file: string, rows: readonly Row[], names: readonly string[], judge: (row: Row) => string[]): string[] {
  const covers = (row: Row, name: string): boolean =>
    row.name === name || (row.name.endsWith("*") && name.startsWith(row.name.slice(0, -1)));
  return [
    ...names.filter((name) => !rows.some((row) => covers(row, name))).map((name) => `${file} has no row for ${name}`),
    ...rows.flatMap((row, index) => {
      if (!names.some((name) => covers(row, name))) return [`${file} has a row for ${row.name}, which does not exist`];
      if (rows.findIndex((other) => other.name === row.name) !== index) return [`${file} has two rows for ${row.name}`];
      return judge(row);
    }),
  ];
}
