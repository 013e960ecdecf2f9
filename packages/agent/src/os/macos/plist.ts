/**
 * Property lists as macOS' own tools write them (`diskutil -plist`, `ioreg -a`, `plutil -convert xml1`, plist(5)): XML, and of XML
 * only what they use. Binary ones are turned into this form by `plutil`, see `readPropertyList`.
 */
import { OsError, type Os } from "../os.ts";

/** A value of a property list. Whole numbers beyond 2^53 are rounded. */
export type PlistValue = string | number | boolean | Date | Uint8Array | readonly PlistValue[] | PlistDictionary;
/** Has no prototype, so that every key is one of the list. */
export interface PlistDictionary {
  readonly [key: string]: PlistValue;
}

const defaultLimitCharacters = 4 * 1024 * 1024;
const maximumDepth = 64;
const maximumValues = 100_000;

/**
 * Parses an XML property list.
 * @param limitCharacters a longer text is refused
 * @throws OsError COLLECT_UNREADABLE for what is no property list, COLLECT_OUTPUT_TOO_LARGE beyond the limits
 */
export function parsePlist(text: string, limitCharacters = defaultLimitCharacters): PlistValue {
  if (text.length > limitCharacters)
    throw new OsError("COLLECT_OUTPUT_TOO_LARGE", `the property list has more than ${limitCharacters} characters`);
  const tokens = new Tokens(text);
  const first = tokens.nextTag();
  const root = first.name === "plist" ? tokens.nextTag() : first;
  return value(tokens, root, 0);
}

/** Reads a property list file of either form; the binary one by `plutil`. Throws OsError. */
export async function readPropertyList(os: Os, path: string): Promise<PlistValue> {
  const text = await os.readFile(path);
  return text.startsWith("bplist") ? runForPlist(os, "plutil", ["-convert", "xml1", "-o", "-", "--", path]) : parsePlist(text);
}

/** Runs a program that writes a property list. Throws OsError, also when the program fails. */
export async function runForPlist(
  os: Os,
  program: string,
  argumentList: readonly string[],
  options?: { timeoutMs?: number; limitBytes?: number },
): Promise<PlistValue> {
  const { exitCode, stdout, stderr } = await os.run(program, argumentList, { limitBytes: defaultLimitCharacters, ...options });
  if (exitCode !== 0) throw new OsError("COLLECT_UNREADABLE", `${program} ended with ${exitCode}: ${stderr.trim().slice(0, 200)}`);
  return parsePlist(stdout);
}

/** The value below names and indexes; undefined where there is none. */
export function plistAt(root: PlistValue | undefined, ...path: readonly (string | number)[]): PlistValue | undefined {
  let found = root;
  for (const step of path) {
    if (typeof step === "number") found = Array.isArray(found) ? (found as readonly PlistValue[])[step] : undefined;
    else found = isDictionary(found) ? found[step] : undefined;
  }
  return found;
}

/** The text there; undefined where there is another kind of value, or none. */
export function plistText(root: PlistValue | undefined, ...path: readonly (string | number)[]): string | undefined {
  const found = plistAt(root, ...path);
  return typeof found === "string" ? found : undefined;
}

/** The number there; undefined where there is another kind of value, or none. */
export function plistNumber(root: PlistValue | undefined, ...path: readonly (string | number)[]): number | undefined {
  const found = plistAt(root, ...path);
  return typeof found === "number" ? found : undefined;
}

/** The flag there, also written as 0 or 1; undefined where there is another kind of value, or none. */
export function plistFlag(root: PlistValue | undefined, ...path: readonly (string | number)[]): boolean | undefined {
  const found = plistAt(root, ...path);
  return typeof found === "boolean" ? found : found === 0 || found === 1 ? found === 1 : undefined;
}

/** The array there; empty where there is another kind of value, or none. */
export function plistArray(root: PlistValue | undefined, ...path: readonly (string | number)[]): readonly PlistValue[] {
  const found = plistAt(root, ...path);
  return Array.isArray(found) ? (found as readonly PlistValue[]) : [];
}

/** Whether a value is a dictionary. */
export function isDictionary(found: PlistValue | undefined): found is PlistDictionary {
  return typeof found === "object" && !Array.isArray(found) && !(found instanceof Date) && !(found instanceof Uint8Array);
}

interface Tag {
  readonly name: string;
  readonly kind: "open" | "close" | "empty";
}

function broken(what: string): OsError {
  return new OsError("COLLECT_UNREADABLE", `not a property list: ${what}`);
}

/** Walks through the text once, from tag to tag. */
class Tokens {
  readonly #text: string;
  #at = 0;
  #values = 0;

  constructor(text: string) {
    this.#text = text;
  }

  countValue(): void {
    if (++this.#values > maximumValues)
      throw new OsError("COLLECT_OUTPUT_TOO_LARGE", `the property list has more than ${maximumValues} values`);
  }

  /** The next tag; comments, the declaration and the document type are passed over. */
  nextTag(): Tag {
    for (;;) {
      const start = this.#text.indexOf("<", this.#at);
      if (start < 0) throw broken("it ends too early");
      if (this.#text.startsWith("<!--", start)) this.#at = this.#after("-->", start);
      else if (this.#text[start + 1] === "?" || this.#text[start + 1] === "!") this.#at = this.#after(">", start);
      else return this.#tag(start);
    }
  }

  #tag(start: number): Tag {
    this.#at = this.#after(">", start);
    const inside = this.#text.slice(start + 1, this.#at - 1);
    const kind = inside.startsWith("/") ? "close" : inside.endsWith("/") ? "empty" : "open";
    const name = /^\/?([A-Za-z]+)/.exec(inside)?.[1];
    if (name === undefined) throw broken(`a tag <${inside.slice(0, 20)}>`);
    return { name, kind };
  }

  /** Text up to the end of the element that was opened. */
  textOf(name: string): string {
    let text = "";
    for (;;) {
      const start = this.#text.indexOf("<", this.#at);
      if (start < 0) throw broken("it ends too early");
      text += unescape(this.#text.slice(this.#at, start));
      if (this.#text.startsWith("<![CDATA[", start)) {
        this.#at = this.#after("]]>", start);
        text += this.#text.slice(start + "<![CDATA[".length, this.#at - "]]>".length);
      } else if (this.#text.startsWith("<!--", start)) {
        this.#at = this.#after("-->", start);
      } else {
        const tag = this.#tag(start);
        if (tag.kind !== "close" || tag.name !== name) throw broken(`<${tag.name}> within <${name}>`);
        return text;
      }
    }
  }

  #after(end: string, from: number): number {
    const found = this.#text.indexOf(end, from);
    if (found < 0) throw broken("it ends too early");
    return found + end.length;
  }
}

const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

function unescape(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([a-z]{2,4}));/g, (whole, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return entities[name] ?? whole;
    const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}

function value(tokens: Tokens, tag: Tag, depth: number): PlistValue {
  if (tag.kind === "close") throw broken(`</${tag.name}> where a value should be`);
  if (depth > maximumDepth) throw new OsError("COLLECT_OUTPUT_TOO_LARGE", `the property list is nested more than ${maximumDepth} deep`);
  tokens.countValue();
  switch (tag.name) {
    case "dict":
      return tag.kind === "empty" ? emptyDictionary() : dictionary(tokens, depth);
    case "array":
      return tag.kind === "empty" ? [] : array(tokens, depth);
    case "true":
    case "false":
      if (tag.kind === "open" && tokens.textOf(tag.name).trim() !== "") throw broken(`text within <${tag.name}>`);
      return tag.name === "true";
    default:
      return scalar(tag.name, tag.kind === "empty" ? "" : tokens.textOf(tag.name));
  }
}

function scalar(name: string, text: string): PlistValue {
  switch (name) {
    case "string":
      return text;
    case "integer":
    case "real":
      return number(name, text.trim());
    case "date": {
      const at = new Date(text.trim());
      if (Number.isNaN(at.getTime())) throw broken(`the date ${text.slice(0, 40)}`);
      return at;
    }
    case "data":
      return new Uint8Array(Buffer.from(text, "base64"));
    default:
      throw broken(`<${name}>`);
  }
}

function number(name: string, text: string): number {
  const found = text === "" ? Number.NaN : Number(text);
  if (Number.isFinite(found) || (name === "real" && /^(nan|[+-]?inf(inity)?)$/i.test(text))) return found;
  throw broken(`the number ${text.slice(0, 40)}`);
}

const emptyDictionary = () => Object.create(null) as Record<string, PlistValue>;

function dictionary(tokens: Tokens, depth: number): PlistDictionary {
  const found = emptyDictionary();
  for (;;) {
    const tag = tokens.nextTag();
    if (tag.kind === "close" && tag.name === "dict") return found;
    if (tag.name !== "key" || tag.kind === "close") throw broken(`<${tag.name}> where a key should be`);
    const key = tag.kind === "empty" ? "" : tokens.textOf("key");
    found[key] = value(tokens, tokens.nextTag(), depth + 1);
  }
}

function array(tokens: Tokens, depth: number): readonly PlistValue[] {
  const found: PlistValue[] = [];
  for (;;) {
    const tag = tokens.nextTag();
    if (tag.kind === "close" && tag.name === "array") return found;
    found.push(value(tokens, tag, depth + 1));
  }
}
