/**
 * A hash of 53 bits for facts: fits a number, needs no runtime's library and is stable for ever, because it is stored. It
 * tells a few facts of one check instance apart, nothing else. Taken over the values themselves (mixed as in cyrb53 by
 * bryc, public domain), because most samples repeat a fact, whose JSON text then nobody needs: that text took a tenth of
 * the server's time for a sample.
 */

const kinds = { null: 1, false: 2, true: 3, integer: 4, float: 5, text: 6, list: 7, row: 8, end: 9 } as const;

const float = new Float64Array(1);
const floatWords = new Int32Array(float.buffer);

let one = 0;
let two = 0;

function mix(word: number): void {
  one = Math.imul(one ^ word, 2_654_435_761);
  two = Math.imul(two ^ word, 1_597_334_677);
}

function mixText(text: string): void {
  let [first, second] = [one ^ text.length, two ^ text.length];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    first = Math.imul(first ^ code, 2_654_435_761);
    second = Math.imul(second ^ code, 1_597_334_677);
  }
  one = first;
  two = second;
}

function mixNumber(value: number): void {
  if ((value | 0) === value) {
    mix(kinds.integer);
    return mix(value);
  }
  float[0] = value;
  mix(kinds.float);
  mix(floatWords[0]!);
  mix(floatWords[1]!);
}

function mixObject(value: object): void {
  if (Array.isArray(value)) {
    mix(kinds.list);
    for (const item of value) mixValue(item);
  } else {
    mix(kinds.row);
    for (const key in value) {
      const inner = (value as Readonly<Record<string, unknown>>)[key];
      // As in JSON, a field without a value is none.
      if (inner === undefined) continue;
      mixText(key);
      mixValue(inner);
    }
  }
  mix(kinds.end);
}

function mixValue(value: unknown): void {
  if (typeof value === "string") {
    mix(kinds.text);
    mixText(value);
  } else if (typeof value === "number") mixNumber(value);
  else if (typeof value === "boolean") mix(value ? kinds.true : kinds.false);
  else if (typeof value === "object" && value !== null) mixObject(value);
  else mix(kinds.null);
}

/** Hash of a value that came as JSON. Equal JSON text gives an equal hash, so the order of keys counts. */
export function factHash(fact: Readonly<Record<string, unknown>>): number {
  one = 0xdeadbeef;
  two = 0x41c6ce57;
  mixObject(fact);
  const low = Math.imul(one ^ (one >>> 16), 2_246_822_507) ^ Math.imul(two ^ (two >>> 13), 3_266_489_909);
  const high = Math.imul(two ^ (two >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  return 4_294_967_296 * (2_097_151 & high) + (low >>> 0);
}
