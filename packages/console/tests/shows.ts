/** What a page shows comes in its own time: another answer than the one that was waited for may still be under way. */
import { expect } from "bun:test";

/** As long as the browser itself waits for an element. */
export const patienceMs = 30_000;

/**
 * Looks again and again until the page shows what is expected.
 * @param look what the page shows now.
 * @param expected as `toEqual` compares it.
 * @throws with the difference when it does not come.
 */
export async function shows<Shown>(look: () => Promise<Shown>, expected: Shown): Promise<void> {
  const endMs = performance.now() + patienceMs;
  for (;;) {
    const shown = await look();
    try {
      expect<unknown>(shown).toEqual(expected);
      return;
    } catch (difference) {
      if (performance.now() > endMs) throw difference;
    }
    await Bun.sleep(20);
  }
}
