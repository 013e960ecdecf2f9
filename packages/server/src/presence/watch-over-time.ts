/** What happens because time passes and not because somebody did something: started once per process. */
import { sweepFindings } from "../findings/sweep-findings.ts";
import type { Services } from "../services.ts";
import { sweepSilence } from "./sweep-silence.ts";

const findingsEveryMs = 5_000;
const silenceEveryMs = 15_000;

export interface Watch {
  stop(): Promise<void>;
}

/** Every process may run it: what one has done, the other finds done. */
export function watchOverTime(services: Services): Watch {
  const watches = [repeat(services, "findings", findingsEveryMs, sweepFindings), repeat(services, "silent devices", silenceEveryMs, sweepSilence)];
  return { stop: async () => void (await Promise.all(watches.map((watch) => watch.stop()))) };
}

/** One after the other, never two at a time; a failure is logged and the next turn comes. */
function repeat(services: Services, name: string, everyMs: number, work: (services: Services) => Promise<unknown>): Watch {
  let running: Promise<unknown> = Promise.resolve();
  let isBusy = false;
  const timer = setInterval(() => {
    if (isBusy) return;
    isBusy = true;
    running = work(services)
      .catch((error: unknown) => services.log.warn("a look at what time has brought failed", { name, error }))
      .finally(() => (isBusy = false));
  }, everyMs);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
