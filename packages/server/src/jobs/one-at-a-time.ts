/** Does one piece of work after the other, in the order in which they were given. @returns what the work returns or throws */
export type OneAtATime = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** Work of one kind that must not run beside other work of its kind. Work that fails keeps none from its turn. */
export function oneAtATime(): OneAtATime {
  let before: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = before.then(work);
    before = done.catch(() => undefined);
    return done;
  };
}
