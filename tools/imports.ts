/** What a source file leans on: the modules that it really imports, in whichever way, and the runtime calls that open the system. */
import { isBuiltin } from "node:module";
import { posix } from "node:path";
import { parseSync, Visitor } from "oxc-parser";
import { lineAt } from "./sources.ts";

export interface Import {
  /**
   * Path of a project file; `node:NAME`; `bun` or `bun:NAME`; `npm:PACKAGE`; `virtual:NAME` of the console's build; `Bun.MEMBER`
   * for a member of Bun's global; `?` for a name that is computed, which nobody can judge.
   */
  readonly target: string;
  /** As it stands in the source. */
  readonly specifier: string;
  readonly line: number;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

/** All imports of a source file, types included. Throws when the file does not parse. */
export function importsOf(path: string, text: string): Import[] {
  const { program, errors } = parseSync(path, text);
  const [error] = errors;
  if (error) throw new Error(`${path} does not parse: ${error.message}`);
  const found: Import[] = [];
  const add = (source: unknown, at: unknown): void => {
    const { type, value } = (source ?? {}) as Node;
    const line = lineAt(text, (at as Node).start);
    if (type === "Literal" && typeof value === "string") found.push({ target: targetOf(path, value), specifier: value, line });
    else if (source) found.push({ target: "?", specifier: "a computed name", line });
  };
  new Visitor({
    ImportDeclaration: (node) => add(node.source, node),
    ExportNamedDeclaration: (node) => add(node.source, node),
    ExportAllDeclaration: (node) => add(node.source, node),
    ImportExpression: (node) => add(node.source, node),
    TSImportType: (node) => add(node.source, node),
    CallExpression: (node) => {
      if (isCallOf(node.callee, "require") || isMember(node.callee, "require", "resolve")) add(node.arguments[0], node);
    },
    NewExpression: (node) => {
      if (isCallOf(node.callee, "Worker")) add(workerSource(node.arguments[0] as unknown as Node | undefined), node);
    },
    MemberExpression: (node) => {
      const { object, property, computed } = node as unknown as { object: Node; property: Node; computed: boolean };
      if (object.type !== "Identifier" || object["name"] !== "Bun") return;
      const member = computed ? "computed" : String(property["name"]);
      found.push({ target: `Bun.${member}`, specifier: `Bun.${member}`, line: lineAt(text, node.start) });
    },
    VariableDeclarator: (node) => {
      // `const { spawn } = Bun` would hide the member's name.
      if (isCallOf(node.init, "Bun")) found.push({ target: "Bun.computed", specifier: "Bun", line: lineAt(text, node.start) });
    },
  }).visit(program);
  return found;
}

/** Where a specifier leads, in the form that Import.target describes. */
export function targetOf(importer: string, specifier: string): string {
  const plain = specifier.replace(/\?.*$/, "");
  if (plain.startsWith(".")) {
    const path = posix.normalize(posix.join(posix.dirname(importer), plain));
    return path.startsWith("node_modules/") ? targetOf(importer, path.slice("node_modules/".length)) : path;
  }
  const own = /^@hauswart\/([^/]+)(?:\/(.*))?$/.exec(plain);
  if (own) return own[1] === "features" ? `features/${own[2] ?? ""}` : `packages/${own[1]}/src/${own[2] ?? ""}`;
  if (plain === "bun" || plain.startsWith("bun:") || plain.startsWith("virtual:")) return plain;
  if (isBuiltin(plain)) return plain.startsWith("node:") ? plain : `node:${plain}`;
  return `npm:${plain
    .split("/")
    .slice(0, plain.startsWith("@") ? 2 : 1)
    .join("/")}`;
}

/** `new Worker("./x.ts")` and `new Worker(new URL("./x.ts", import.meta.url))`. */
function workerSource(argument: Node | undefined): unknown {
  if (argument?.type === "NewExpression" && isCallOf(argument["callee"], "URL")) return (argument["arguments"] as Node[])[0];
  return argument;
}

function isCallOf(node: unknown, name: string): boolean {
  const { type, name: actual } = (node ?? {}) as Node;
  return type === "Identifier" && actual === name;
}

function isMember(node: unknown, object: string, property: string): boolean {
  const member = (node ?? {}) as Node;
  return member.type === "MemberExpression" && isCallOf(member["object"], object) && isCallOf(member["property"], property);
}
