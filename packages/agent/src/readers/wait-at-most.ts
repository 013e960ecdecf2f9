/**
 * Waits for work, but not longer than this, and not beyond the end of the measurement. What is late goes on by itself.
 * @returns what came of it; late: nothing yet
 */
export async function waitAtMost<Result>(work: Promise<Result>, limitMs: number, signal?: AbortSignal): Promise<Result | "late"> {
  const { promise: late, resolve } = Promise.withResolvers<"late">();
  const giveUp = () => resolve("late");
  const timer = setTimeout(giveUp, limitMs);
  if (signal?.aborted) giveUp();
  signal?.addEventListener("abort", giveUp, { once: true });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", giveUp);
  }
}
