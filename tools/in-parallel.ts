/** Does several pieces of work, a few at a time. */

/** Runs all tasks in their order, at most `width` at once. @returns their results in the same order. The first error ends it. */
export async function inParallel<Result>(width: number, tasks: readonly (() => Promise<Result>)[]): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < tasks.length; index = next++) results[index] = await (tasks[index] as () => Promise<Result>)();
  };
  await Promise.all(Array.from({ length: Math.min(width, tasks.length) }, work));
  return results;
}
