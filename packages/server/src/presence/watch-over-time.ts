/** What happens because time passes and not because somebody did something: started once per process. */
import { sweepDeviceStates } from "../devices/sweep-device-states.ts";
import { sweepHolds } from "../findings/release-holds.ts";
import { sweepFindings } from "../findings/sweep-findings.ts";
import { repeat } from "../jobs/repeat.ts";
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

/** Every process may run it: what one has done, the other finds done. */
export function watchOverTime(services: Services): Watch {
  const watches = [
    repeat(services, { name: "findings-over-time", everyMs: findingsEveryMs, run: () => sweepFindings(services) }),
    repeat(services, { name: "held-findings", everyMs: holdsEveryMs, run: () => sweepHolds(services) }),
    repeat(services, { name: "device-states", everyMs: statesEveryMs, run: () => sweepDeviceStates(services) }),
    repeat(services, {
      name: "silent-devices",
      everyMs: silenceEveryMs,
      run: async () => (await sweepSites(services)) + (await sweepSilence(services)),
    }),
    repeat(services, { name: "witnesses", everyMs: silenceEveryMs, run: () => sweepWitnesses(services) }),
    repeat(services, { name: "server-itself", everyMs: selfEveryMs, run: () => watchSelf(services) }),
    repeat(services, { name: "rounds", everyMs: roundsEveryMs, run: () => runRounds(services) }),
    repeat(services, { name: "erasures", everyMs: erasuresEveryMs, run: () => runErasures(services) }),
  ];
  return { stop: async () => void (await Promise.all(watches.map((watch) => watch.stop()))) };
}
