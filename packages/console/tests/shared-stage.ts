/** A stage for a whole file of browser tests; its pages are closed after each. */
import { testNeeding, whyNoBrowser } from "@hauswart/testkit/needs.ts";
import { afterAll, afterEach, beforeAll } from "bun:test";
import { setStage, type Stage } from "./stage.ts";

/** A test that needs a browser. What does not come is told by the wait for it; a story of many pages takes its time where others load the computer. */
export const story = (title: string, run: () => Promise<void>): void => testNeeding(whyNoBrowser())(title, run, 180_000);

/** Call it once at the top of a file; the stage is there from the first test on. */
export function sharedStage(): Stage {
  let opened: Stage | undefined;
  const there = (): Stage => {
    if (!opened) throw new Error("The stage is set before the first test.");
    return opened;
  };
  beforeAll(async () => {
    if (!whyNoBrowser()) opened = await setStage();
  }, 120_000);
  afterEach(() => opened?.closePages());
  afterAll(() => opened?.stop(), 30_000);
  return {
    get base() {
      return there().base;
    },
    get double() {
      return there().double;
    },
    open: (...asked) => there().open(...asked),
    reopen: (...asked) => there().reopen(...asked),
    closePages: () => there().closePages(),
    stop: () => there().stop(),
  };
}
