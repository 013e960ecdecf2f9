/**
 * A transaction that is opened within another one waits for a second connection while it holds its first. As many at once as a pool
 * has connections stand still together, until they give up. Tests refuse it; the server does not pay for the look.
 */
import { AsyncLocalStorage } from "node:async_hooks";

/** Wraps a transaction's work. */
export type Guard = <Given, Result>(work: (given: Given) => Promise<Result>) => (given: Given) => Promise<Result>;

export const unguarded: Guard = (work) => work;

/** Of one database. @returns work that throws where other work of this guard waits for it */
export function refusingNesting(): Guard {
  const around = new AsyncLocalStorage<{ isOpen: boolean }>();
  return (work) => async (given) => {
    if (around.getStore()?.isOpen) throw new Error("A transaction within a transaction takes a second connection while it holds one.");
    const here = { isOpen: true };
    try {
      return await around.run(here, () => work(given));
    } finally {
      here.isOpen = false;
    }
  };
}
