/** How long a test waits for what the system does in its own time. Generous: a machine may be slow, and waits end as soon as they can. */
export const patienceMs = 90_000;
/** Of a test that waits: longer than its waits, which say what did not come. */
export const testLimitMs = 2 * patienceMs;

/**
 * Asks again and again until the answer is neither undefined nor false.
 * @param what is waited for, or what tells how things stand once it was in vain.
 * @throws naming `what` when it does not come.
 */
export async function until<Answer>(
  what: string | (() => string | Promise<string>),
  ask: () => Answer | undefined | false | Promise<Answer | undefined | false>,
  limitMs = patienceMs,
): Promise<Answer> {
  const endMs = performance.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > endMs)
      throw new Error(`Waited ${limitMs / 1_000} s in vain for ${typeof what === "string" ? what : await what()}.`);
    await Bun.sleep(20);
  }
}
