/**
 * Gives back memory while there is time for it. The runtime waits with collecting until what it holds has doubled, which is right
 * under load and wasteful at rest; and as it moves nothing, what devices leave for days among garbage of milliseconds keeps
 * half-empty blocks in use. So young garbage is collected every hundred messages and everything now and then, unless there is
 * much to do: then the runtime's own pace costs least. On a computer that others use too a collection takes longer and fewer
 * messages get through, so that the number of messages alone would take the rush for quiet: what collecting takes of the time is bounded.
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
/** After a collection there is none for so many times as long as it took. */
const restFor = 25;

/** Decides, tick by tick, what to collect. */
export class TidyingPace {
  private sinceYoung = 0;
  private sinceFull = 0;
  private restsUntilMs = 0;

  /** @param received messages since the tick before. @param nowMs of any clock that does not go back. */
  tick(received: number, nowMs: number): "young" | "full" | undefined {
    this.sinceYoung += received;
    this.sinceFull += received;
    if (received >= busy || this.sinceYoung < worthwhile || nowMs < this.restsUntilMs) return undefined;
    this.sinceYoung = 0;
    if (this.sinceFull < fullEvery) return "young";
    this.sinceFull = 0;
    return "full";
  }

  /** What the last tick asked for is done. */
  collected(tookMs: number, nowMs: number): void {
    this.restsUntilMs = nowMs + tookMs * restFor;
  }
}

/** Begins to tidy up. @param messages how many have been received so far. @returns a function that ends it. */
export function tidyMemory(messages: () => number): () => void {
  const pace = new TidyingPace();
  let before = messages();
  const timer = setInterval(() => {
    const now = messages();
    const startMs = performance.now();
    const what = pace.tick(now - before, startMs);
    before = now;
    if (!what) return;
    if (what === "young") edenGC();
    else fullGC();
    const endMs = performance.now();
    pace.collected(endMs - startMs, endMs);
  }, tickMs);
  timer.unref();
  return () => clearInterval(timer);
}
