/**
 * Gives back memory while there is time for it. The runtime waits with collecting until what it holds has doubled, which is right
 * under load and wasteful at rest; and as it moves nothing, what devices leave for days among garbage of milliseconds keeps
 * half-empty blocks in use. So young garbage is collected every hundred messages and everything now and then, unless there is
 * much to do: then the runtime's own pace costs least.
 *
 * Measured with 5,000 agents of twenty checks: docs/performance.md. A heap that is kept small at all times (BUN_JSC_forceRAMSize)
 * saves as much, and costs a third more processor time for every value taken in.
 */
import { edenGC, fullGC } from "bun:jsc";

const tickMs = 250;
/** Fewer messages than this are not worth a collection. */
const worthwhile = 100;
/** From this many messages in a tick on, the runtime is left alone. */
const busy = 1_500;
/** Messages between two full collections. */
const fullEvery = 2_500;

/** Decides, tick by tick, what to collect. */
export class TidyingPace {
  private sinceYoung = 0;
  private sinceFull = 0;

  /** @param received messages since the tick before. */
  tick(received: number): "young" | "full" | undefined {
    this.sinceYoung += received;
    this.sinceFull += received;
    if (received >= busy || this.sinceYoung < worthwhile) return undefined;
    this.sinceYoung = 0;
    if (this.sinceFull < fullEvery) return "young";
    this.sinceFull = 0;
    return "full";
  }
}

/** Begins to tidy up. @param messages how many have been received so far. @returns a function that ends it. */
export function tidyMemory(messages: () => number): () => void {
  const pace = new TidyingPace();
  let before = messages();
  const timer = setInterval(() => {
    const now = messages();
    const what = pace.tick(now - before);
    before = now;
    if (what === "young") edenGC();
    else if (what === "full") fullGC();
  }, tickMs);
  timer.unref();
  return () => clearInterval(timer);
}
