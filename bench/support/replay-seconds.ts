/**
 * How long the threshold time machine takes: 30 packed days of 1,000 devices that measure every five minutes, 8.64 million samples of
 * one check, read from the database, judged by the same judge and engine in the helper process, with all that a replay tries beside
 * the draft. A small simulated fleet lives the days; its devices are copied with what is stored of them.
 */
import { calendarsOf } from "@hauswart/server/calendars/calendars-of.ts";
import { packSamples } from "@hauswart/server/history/pack.ts";
import { ensurePartitions } from "@hauswart/server/history/partitions.ts";
import { rollUp } from "@hauswart/server/history/roll-up.ts";
import { compileChecks } from "@hauswart/server/ingest/compiled-checks.ts";
import { defaultsOf } from "@hauswart/server/policies/fold-settings.ts";
import { replayInChild } from "@hauswart/server/replay/replayer.ts";
import { runReplay } from "@hauswart/server/replay/run-replay.ts";
import { makeHistory, multiplyDevices, receive, type MadeHistory } from "./made-history.ts";
import { makeDataDirectory } from "./server-under-test.ts";

const dayMs = 86_400_000;

export interface ReplaySize {
  readonly devices: number;
  readonly days: number;
  /** Devices whose days are lived; the others are copies. */
  readonly lived: number;
  readonly check: string;
}

export const fullReplay: ReplaySize = { devices: 1_000, days: 30, lived: 4, check: "cpu-load" };

/** @returns seconds from the order to the answer. */
export async function replaySeconds(
  { devices, days, lived, check: checkId }: ReplaySize,
  say: (line: string) => void,
): Promise<{ seconds: number; samples: number }> {
  const toMs = Math.floor(Date.now() / dayMs) * dayMs - 3 * dayMs;
  const fromMs = toMs - days * dayMs;
  const history = await makeHistory(makeDataDirectory(), lived, fromMs);
  try {
    const instance = history.instances.find(({ check }) => check === checkId)!;
    await live({ ...history, instances: [instance] }, fromMs, toMs);
    say(`${days} days are lived`);
    const deviceIds = await multiplyDevices(history, devices / lived - 1);
    say(`${deviceIds.length} devices; the replay begins`);
    const { services, providerId } = history;
    const check = compileChecks(services.checks).get(checkId)!;
    const { judgement } = defaultsOf(check.definition);
    const draft = { everySeconds: 300, dailyAtHour: null, failuresBeforeFinding: 1, judgement, damping: {} };
    const planned = deviceIds.map((deviceId) => ({
      deviceId,
      deviceName: deviceId,
      customerId: history.customerId,
      siteId: history.customerId,
      customerName: "",
      siteName: "",
      checkNumber: instance.number,
    }));
    const startMs = performance.now();
    const replayer = replayInChild();
    const result = await runReplay({
      database: services.database,
      tenant: { providerId, customers: "*" },
      check,
      groups: [{ draft, now: draft, devices: planned }],
      fromMs,
      toMs,
      replayer,
      calendars: await calendarsOf(services, providerId),
      progress: () => Promise.resolve(true),
    });
    const seconds = (performance.now() - startMs) / 1_000;
    replayer.end();
    say(`${result!.samples} samples of ${checkId}, ${result!.findings} findings; measured ${result!.coveredPercent} % of the time`);
    if (result!.samples < devices * days * 286) throw new Error("The replay has not seen all samples.");
    return { seconds, samples: result!.samples };
  } finally {
    await history.connected.close();
  }
}

/** What comes in is rolled up and packed day by day, as a server does it two days later. */
async function live(history: MadeHistory, fromMs: number, toMs: number): Promise<void> {
  for (let startMs = fromMs; startMs < toMs; startMs += dayMs) {
    history.services.clock.set(startMs);
    await ensurePartitions(history.services);
    for (const device of history.devices) await receive(history, device, startMs, startMs + dayMs);
    history.services.clock.set(startMs + 2 * dayMs + 600_000);
    await ensurePartitions(history.services);
    await rollUp(history.services);
    await packSamples(history.services);
  }
}
