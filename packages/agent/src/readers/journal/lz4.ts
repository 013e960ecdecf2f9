/** LZ4's block format (github.com/lz4/lz4, doc/lz4_Block_format.md), which journals of some distributions compress with. */

/**
 * Unpacks one block.
 * @param size of what comes out
 * @returns undefined when the block is damaged
 */
export function unpackLz4(block: Uint8Array, size: number): Uint8Array | undefined {
  const target = new Uint8Array(size);
  let from = 0;
  let to = 0;
  const longLength = (start: number): number => {
    let length = start;
    if (start !== 15) return length;
    for (;;) {
      const more = block[from++];
      if (more === undefined) return Number.NaN;
      length += more;
      if (more !== 255) return length;
    }
  };
  while (from < block.length) {
    const token = block[from++]!;
    const literals = longLength(token >> 4);
    if (!(from + literals <= block.length && to + literals <= size)) return undefined;
    target.set(block.subarray(from, from + literals), to);
    from += literals;
    to += literals;
    if (from === block.length) return to === size ? target : undefined;
    const back = block[from]! | ((block[from + 1] ?? 0) << 8);
    from += 2;
    const length = longLength(token & 15) + 4;
    if (back === 0 || back > to || !(to + length <= size)) return undefined;
    // A match may reach into what it writes itself.
    const end = to + length;
    for (; to < end; to++) target[to] = target[to - back]!;
  }
  return to === size ? target : undefined;
}
