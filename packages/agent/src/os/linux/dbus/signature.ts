/** Type signatures of D-Bus (specification 0.43, "Type System"). */

/** What the peer or the caller sent does not follow the specification. */
export class DbusFormatError extends Error {
  override readonly name = "DbusFormatError";
}

/** Deepest nesting that the specification allows: 32 arrays and 32 structures. */
export const depthLimit = 64;

const alignments: Readonly<Record<string, number>> = {
  y: 1,
  b: 4,
  n: 2,
  q: 2,
  i: 4,
  u: 4,
  x: 8,
  t: 8,
  d: 8,
  s: 4,
  o: 4,
  g: 1,
  a: 4,
  "(": 8,
  "{": 8,
  v: 1,
  h: 4,
};

/** Bytes that values of a type begin at multiples of. */
export function alignmentOf(type: string): number {
  const alignment = alignments[type[0] ?? ""];
  if (alignment === undefined) throw new DbusFormatError(`unknown type "${type}"`);
  return alignment;
}

/** Signatures repeat with every element of a list; few are known at a time. */
const known = new Map<string, readonly string[]>();
const knownLimit = 256;

/** Splits a signature into its single complete types: "sa{sv}(ii)" gives "s", "a{sv}", "(ii)". */
export function splitSignature(signature: string): readonly string[] {
  const before = known.get(signature);
  if (before) return before;
  const types: string[] = [];
  for (let start = 0; start < signature.length;) {
    const end = typeEnd(signature, start, 0);
    types.push(signature.slice(start, end));
    start = end;
  }
  if (known.size >= knownLimit) known.clear();
  known.set(signature, types);
  return types;
}

function typeEnd(signature: string, start: number, depth: number): number {
  if (depth > depthLimit) throw new DbusFormatError("signature is nested too deeply");
  const code = signature[start];
  if (code === "a") return typeEnd(signature, start + 1, depth + 1);
  if (code !== "(" && code !== "{") {
    alignmentOf(code ?? "");
    return start + 1;
  }
  const closing = code === "(" ? ")" : "}";
  let end = start + 1;
  while (signature[end] !== closing) {
    if (end >= signature.length) throw new DbusFormatError(`signature "${signature}" has no "${closing}"`);
    end = typeEnd(signature, end, depth + 1);
  }
  if (end === start + 1) throw new DbusFormatError("a structure has at least one field");
  return end + 1;
}
