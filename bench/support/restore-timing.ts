/**
 * How long it takes from a backup to a server that answers again: 1,000 devices with their default checks and 30 days of history, rolled
 * up and packed by the chores' own code. The backup is made of a server that runs. Afterwards the restored database is counted
 * against the first one: batches, values, roll-ups, and how far each device's stream was stored.
 */
import { rmSync } from "node:fs";
import { backupHere } from "@hauswart/server/backup/backup-here.ts";
import { restoreBackup } from "@hauswart/server/backup/restore-backup.ts";
import type { Tx } from "@hauswart/server/database/database.ts";
import { packSamples } from "@hauswart/server/history/pack.ts";
import { ensurePartitions } from "@hauswart/server/history/partitions.ts";
import { rollUp } from "@hauswart/server/history/roll-up.ts";
import { silentLogger } from "@hauswart/server/operation/log.ts";
import { parseSettings } from "@hauswart/server/settings.ts";
import { withDatabase } from "./bench-database.ts";
import { rounded, type BenchmarkOptions } from "./benchmark.ts";
import { makeHistory, multiplyDevices, receive } from "./made-history.ts";
import { makeDataDirectory, startServerUnderTest, type ServerUnderTest } from "./server-under-test.ts";

const dayMs = 86_400_000;

interface Size {
  readonly devices: number;
  readonly days: number;
  /** Of each device, made at the end. */
  readonly copies: number;
}

/** What must be the same before and after. */
interface Account {
  readonly batches: number;
  readonly packed: number;
  readonly values: number;
  readonly rollups: number;
  /** Of all streams and how far they were stored. */
  readonly streams: string;
}

/** @returns seconds from the beginning of the restore until the restored server is ready. Throws when anything is missing. */
export async function measureRestore({ quick, say }: BenchmarkOptions): Promise<number> {
  const size: Size = quick ? { devices: 2, days: 3, copies: 9 } : { devices: 10, days: 30, copies: 99 };
  const dataDirectory = makeDataDirectory();
  await live(dataDirectory, size, say);
  const backups = makeDataDirectory();
  const first = await startServerUnderTest({ dataDirectory });
  let second: ServerUnderTest | undefined;
  try {
    const account = await accountOf(first);
    const settings = parseSettings({ HAUSWART_DATA: dataDirectory });
    const startMs = performance.now();
    const made = await backupHere({
      settings,
      target: { directory: backups, passphraseFile: undefined },
      log: silentLogger,
      progress: () => undefined,
    });
    say(
      `a backup of ${size.devices * (size.copies + 1)} devices: ${rounded(made.bytes / 1e6)} MB in ${rounded((performance.now() - startMs) / 1_000)} s, while the server ran`,
    );
    await first.end();
    const restored = makeDataDirectory();
    const restoreMs = performance.now();
    await restoreBackup({
      file: made.file,
      passphrase: undefined,
      dataDirectory: restored,
      databaseUrl: undefined,
      postgresUser: undefined,
      log: silentLogger,
    });
    const filledMs = performance.now();
    second = await startServerUnderTest({ dataDirectory: restored });
    const readyMs = performance.now();
    say(`restored in ${rounded((filledMs - restoreMs) / 1_000)} s, the server was ready ${rounded((readyMs - filledMs) / 1_000)} s later`);
    const after = await accountOf(second);
    if (JSON.stringify(after) !== JSON.stringify(account))
      throw new Error(`The restored server does not have what the backup had: ${JSON.stringify({ account, after })}`);
    say(`all ${account.values} packed values, ${account.batches} raw batches and ${account.rollups} days of roll-ups are there`);
    return rounded((readyMs - restoreMs) / 1_000);
  } finally {
    await first.stop();
    await second?.stop();
    rmSync(backups, { recursive: true, force: true });
  }
}

/** Lets a few devices live for the days, and copies them. */
async function live(dataDirectory: string, { devices, days, copies }: Size, say: BenchmarkOptions["say"]): Promise<void> {
  const nowMs = Math.floor(Date.now() / 60_000) * 60_000;
  const startMs = Math.floor(nowMs / dayMs) * dayMs - days * dayMs;
  const history = await makeHistory(dataDirectory, devices, startMs);
  try {
    const { services } = history;
    for (let fromMs = startMs; fromMs < nowMs; fromMs += dayMs) {
      const toMs = Math.min(fromMs + dayMs, nowMs);
      services.clock.set(fromMs);
      await ensurePartitions(services);
      for (const device of history.devices) await receive(history, device, fromMs, toMs);
      services.clock.set(toMs);
      await ensurePartitions(services);
      await rollUp(services);
      await packSamples(services);
    }
    await services.database.unwalled("benchmark: streams", (tx) =>
      tx.sql(
        `update hauswart.device_link l set stream_id = b.stream_id, last_sequence = b.sequence
         from (select distinct on (device_id) device_id, stream_id, sequence from hauswart.sample_batch order by device_id, received_at desc) b
         where b.device_id = l.device_id`,
      ),
    );
    say(`${days} days of ${devices} devices are there; copying them`);
    await multiplyDevices(history, copies);
  } finally {
    await history.connected.close();
  }
}

function accountOf(server: ServerUnderTest): Promise<Account> {
  return withDatabase(server, (database) => database.unwalled("benchmark: what is there", readAccount));
}

async function readAccount(tx: Tx): Promise<Account> {
  const [row] = await tx.sql<Account>(
    `select (select count(*) from hauswart.sample_batch)::float8 as batches,
       (select count(*) from hauswart.sample_packed)::float8 as packed,
       (select coalesce(sum(value_count), 0) from hauswart.sample_packed)::float8 as values,
       (select count(*) from hauswart.sample_rollup)::float8 as rollups,
       (select md5(string_agg(device_id::text || stream_id || last_sequence, '' order by device_id)) from hauswart.device_link) as streams`,
  );
  return row!;
}
