/**
 * Watches the tail: files over 500 lines and functions over 100 are refused, unless a sentence here says why one must be.
 * Not measured: migrations, because one that has run is history and is not cut up any more, and generated files (*.gen.ts).
 */
import { parseSync, Visitor } from "oxc-parser";
import { isScript, isTest, lineAt, projectFiles, readSource } from "./sources.ts";

const fileLines = 500;
const functionLines = 100;

/** Path of a file that may be longer, or whose functions may be → why. */
export const sizeExceptions: Readonly<Record<string, string>> = {};

/** Every file and function that is too long, and every exception that is not needed any more. */
export function findOversized(root: string, exceptions: Readonly<Record<string, string>> = sizeExceptions): string[] {
  const excused = new Set<string>();
  const problems = projectFiles(root)
    .filter((path) => (isScript(path) && !path.endsWith(".gen.ts")) || /\.(?:css|sh)$/.test(path) || path === ".ci/run")
    .flatMap((path) => {
      const oversized = oversizedIn(path, readSource(root, path));
      if (oversized.length === 0 || exceptions[path] === undefined) return oversized;
      excused.add(path);
      return [];
    });
  const stale = Object.keys(exceptions).filter((path) => !excused.has(path));
  return [...problems, ...stale.map((path) => `${path}: needs no exception any more; take it out of tools/sizes.ts`)];
}

function oversizedIn(path: string, text: string): string[] {
  const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
  return [
    ...(lines > fileLines ? [`${path}: ${lines} lines; ${fileLines} at most`] : []),
    ...(isScript(path) ? longFunctionsIn(path, text) : []),
  ];
}

function longFunctionsIn(path: string, text: string): string[] {
  const found: string[] = [];
  // The callback of a `describe` is a list of tests, not a function that anyone has to hold in the head.
  const lists = new Set<unknown>();
  const measure = (node: { start: number; end: number }): void => {
    const first = lineAt(text, node.start);
    const lines = lineAt(text, node.end) - first + 1;
    if (lines > functionLines && !lists.has(node)) found.push(`${path}:${first}: a function of ${lines} lines; ${functionLines} at most`);
  };
  new Visitor({
    CallExpression: (node) => {
      if (isTest(path) && /^describe\b/.test(text.slice(node.callee.start, node.callee.end)))
        for (const argument of node.arguments) lists.add(argument);
    },
    FunctionDeclaration: measure,
    FunctionExpression: measure,
    ArrowFunctionExpression: measure,
  }).visit(parseSync(path, text).program);
  return found;
}
