/** Many short arrays as one long one, and where each ends: what `unnest` cannot take row by row travels like that. */

/** All numbers, one array after the other. */
export function concatenate(parts: readonly ArrayLike<number>[]): Float64Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Float64Array(length);
  let at = 0;
  for (const part of parts) {
    for (let index = 0; index < part.length; index++) whole[at++] = part[index]!;
  }
  return whole;
}

/** Where each part ends in the whole. */
export function ends(lengths: readonly number[]): number[] {
  let end = 0;
  return lengths.map((length) => (end += length));
}
