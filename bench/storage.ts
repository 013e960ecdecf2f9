/**
 * What a measured value costs on the disk once it is packed, and how soon a graph of 35 days is there.
 *
 * A small simulated fleet runs its default checks for 36 days and some hours. Every day what came in is rolled up, packed and
 * given up as a server does it, with the chores' own code. `bytesPerValue` is the size of all partitions of sample_packed, with
 * indexes and out-of-line storage, by the values in them.
 *
 * Then every device is copied with all that is stored of it, so that there are many, PostgreSQL is started anew with empty
 * buffers, and a server in a process of its own is asked over HTTPS for the 35-day graph of each check of each device, one
 * after the other and none twice. The hours of 35 days come out of roll-ups, the last ones out of raw rows: the roll-up last ran
 * almost an hour before. `graphP99Ms` is the time until the whole answer is there and parsed, the first requests included.
 */
import type { Client } from "@hauswart/protocol/api/client.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { packSamples } from "@hauswart/server/history/pack.ts";
import { ensurePartitions } from "@hauswart/server/history/partitions.ts";
import { rollUp } from "@hauswart/server/history/roll-up.ts";
import { signIn } from "./support/bench-fleet.ts";
import { percentile, rounded, type Benchmark } from "./support/benchmark.ts";
import { bytesOf, makeHistory, multiplyDevices, receive, type MadeHistory } from "./support/made-history.ts";
import { makeDataDirectory, startServerUnderTest } from "./support/server-under-test.ts";

const minuteMs = 60_000;
const dayMs = 1_440 * minuteMs;
/** The hourly chore ran this long ago when the graphs are asked for: they find as much raw as can be. */
const choreAgoMs = 55 * minuteMs;

interface Size {
  readonly devices: number;
  readonly days: number;
  /** Of each device, made at the end. */
  readonly copies: number;
}

async function runChores({ services }: MadeHistory): Promise<void> {
  await ensurePartitions(services);
  await rollUp(services);
  await packSamples(services);
}

/** Lets the fleet live until now. @returns CPU seconds of the chores in this process for a million values. */
async function live(history: MadeHistory, startMs: number, nowMs: number, say: (line: string) => void): Promise<number> {
  let values = 0;
  let microseconds = 0;
  for (let fromMs = startMs; fromMs < nowMs; fromMs += dayMs) {
    const toMs = Math.min(fromMs + dayMs, nowMs);
    history.services.clock.set(fromMs);
    await ensurePartitions(history.services);
    for (const device of history.devices) values += await receive(history, device, fromMs, toMs);
    history.services.clock.set(toMs === nowMs ? nowMs - choreAgoMs : toMs + 10 * minuteMs);
    const before = process.cpuUsage();
    await runChores(history);
    const { user, system } = process.cpuUsage(before);
    microseconds += user + system;
    const day = Math.round((fromMs - startMs) / dayMs) + 1;
    if (day % 6 === 0) say(`day ${day}: ${values} values`);
  }
  return microseconds / values;
}

async function packedBytesPerValue(history: MadeHistory): Promise<number> {
  const [row] = await history.services.database.unwalled("benchmark: packed values", (tx) =>
    tx.sql<{ values: number }>("select sum(value_count)::float8 as values from hauswart.sample_packed"),
  );
  return (await bytesOf(history, "sample_packed")) / row!.values;
}

/** Asks for a graph of each check of each device. @returns milliseconds. */
async function askForGraphs(api: Client, devices: readonly Id[], checks: readonly number[], days: number): Promise<number[]> {
  const [to, from] = [new Date(), new Date(Date.now() - days * dayMs)].map((time) => time.toISOString());
  const times: number[] = [];
  for (const number of checks) {
    for (const deviceId of devices) {
      const startMs = performance.now();
      const { series } = await api("getSeries", { params: { deviceId, number }, query: { from: from!, to: to! } });
      times.push(performance.now() - startMs);
      if (!series.every(({ value }) => value.some((one) => one !== null))) throw new Error("A graph came without a value.");
    }
  }
  return times;
}

async function measureGraphs(
  dataDirectory: string,
  devices: readonly Id[],
  history: MadeHistory,
  say: (line: string) => void,
): Promise<number> {
  const server = await startServerUnderTest({ dataDirectory });
  try {
    const api = await signIn(server);
    const graphed = history.instances.filter(({ codec }) => codec.series.length > 0).map(({ number }) => number);
    const times = await askForGraphs(api, devices, graphed, 35);
    const of = (list: readonly number[]) =>
      `${rounded(percentile(list, 0.5))} ms median, ${rounded(percentile(list, 0.99))} ms p99, ${rounded(Math.max(...list))} ms longest of ${list.length}`;
    say(`35 days: ${of(times)}`);
    say(`4 days, single samples out of raw and packed rows: ${of(await askForGraphs(api, devices.slice(0, 40), graphed, 3.9))}`);
    return percentile(times, 0.99);
  } finally {
    await server.stop();
  }
}

export default {
  description: "Bytes of a packed value on the disk, and the time of a graph of 35 days.",
  measures: { bytesPerValue: { reaches: "≤ 4" }, graphP99Ms: { reaches: "≤ 100" } },
  async run({ quick, say }) {
    const { devices, days, copies }: Size = quick ? { devices: 2, days: 4, copies: 4 } : { devices: 6, days: 36, copies: 19 };
    const dataDirectory = makeDataDirectory();
    const nowMs = Math.floor(Date.now() / minuteMs) * minuteMs;
    const startMs = Math.floor(nowMs / dayMs) * dayMs - days * dayMs;
    const history = await makeHistory(dataDirectory, devices, startMs);
    let bytesPerValue: number;
    let deviceIds: Id[];
    try {
      const choreSeconds = await live(history, startMs, nowMs, say);
      say(
        `rolling up and packing took ${rounded(choreSeconds)} CPU-s for a million values; roll-ups have ${rounded((await bytesOf(history, "sample_rollup")) / devices / days)} bytes a device and day`,
      );
      bytesPerValue = await packedBytesPerValue(history);
      deviceIds = await multiplyDevices(history, copies);
      say(`${deviceIds.length} devices; asking for their graphs`);
    } finally {
      await history.connected.close();
    }
    return { bytesPerValue: rounded(bytesPerValue), graphP99Ms: rounded(await measureGraphs(dataDirectory, deviceIds, history, say)) };
  },
} satisfies Benchmark;
