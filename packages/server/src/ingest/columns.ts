/** Many short arrays as one long one, and where each lies in it: what `unnest` cannot take row by row travels like that. */

/** All numbers, one array after the other. */
export function concatenate(parts: readonly ArrayLike<number>[]): Float64Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Float64Array(length);
  let at = 0;
  for (const part of parts) {
    if (part instanceof Float64Array) {
      whole.set(part, at);
      at += part.length;
    } else for (let index = 0; index < part.length; index++) whole[at++] = part[index]!;
  }
  return whole;
}

/**
 * Where each part lies in the whole, as PostgreSQL counts: the first element is 1, both limits belong to the part, and where nothing does the
 * end lies before the start. Both are sent, because working the starts out in the statement takes a window over all rows.
 */
export function limits(parts: readonly ArrayLike<unknown>[]): [starts: number[], ends: number[]] {
  const starts: number[] = [];
  const ends: number[] = [];
  let end = 0;
  for (const { length } of parts) {
    starts.push(end + 1);
    ends.push((end += length));
  }
  return [starts, ends];
}
