/** What happens because time passes and not because somebody did something: started once per process. */
import { sweepDeviceStates } from "../devices/sweep-device-states.ts";
import { sweepHolds } from "../findings/release-holds.ts";
import { sweepFindings } from "../findings/sweep-findings.ts";
import { repeat, type Repeated } from "../jobs/repeat.ts";
import { watchSelf } from "../operation/self-report.ts";
import { runRounds } from "../rounds/run-rounds.ts";
import { runErasures } from "../tenancy/customer-data/run-erasures.ts";
import type { Services } from "../services.ts";
import { sweepSites } from "./sweep-sites.ts";
import { sweepWitnesses } from "./sweep-witnesses.ts";
import { sweepSilence } from "./sweep-silence.ts";

const findingsEveryMs = 5_000;
const holdsEveryMs = 10_000;
const silenceEveryMs = 15_000;
const statesEveryMs = 2_000;
const selfEveryMs = 60_000;
const erasuresEveryMs = 5_000;
const roundsEveryMs = 15_000;

export interface Watch {
  stop(): Promise<void>;
}

/** What has to be looked at again and again, in the order in which it is looked at where several things are due. */
export function watchesOverTime(services: Services): Repeated[] {
  return [
    { name: "findings-over-time", everyMs: findingsEveryMs, run: () => sweepFindings(services) },
    { name: "held-findings", everyMs: holdsEveryMs, run: () => sweepHolds(services) },
    { name: "device-states", everyMs: statesEveryMs, run: () => sweepDeviceStates(services) },
    {
      name: "silent-devices",
      everyMs: silenceEveryMs,
      run: async () => (await sweepSites(services)) + (await sweepSilence(services)),
    },
    { name: "witnesses", everyMs: silenceEveryMs, run: () => sweepWitnesses(services) },
    { name: "server-itself", everyMs: selfEveryMs, run: () => watchSelf(services) },
    { name: "rounds", everyMs: roundsEveryMs, run: () => runRounds(services) },
    { name: "erasures", everyMs: erasuresEveryMs, run: () => runErasures(services) },
  ];
}

/** Every process may run it: what one has done, the other finds done. */
export function watchOverTime(services: Services): Watch {
  const watches = watchesOverTime(services).map((watch) => repeat(services, watch));
  return { stop: async () => void (await Promise.all(watches.map((watch) => watch.stop()))) };
}
