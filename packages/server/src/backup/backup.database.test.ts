import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newId } from "@hauswart/protocol/ids.ts";
import { auditEntries } from "@hauswart/testkit/audit-log.ts";
import { emptyDatabase, testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { contextFor, seedDevice, seedTenant, testServices, type SeededTenant } from "@hauswart/testkit/seed.ts";
import { until } from "@hauswart/testkit/until.ts";
import { Client } from "pg";
import { systemClock } from "../clock.ts";
import { dayMs } from "../history/hours.ts";
import { packSamples } from "../history/pack.ts";
import { ensurePartitions } from "../history/partitions.ts";
import { rollUp } from "../history/roll-up.ts";
import { silentLogger } from "../operation/log.ts";
import { isoTime } from "../times.ts";
import { loadSealedBox } from "../secrets/master-key.ts";
import { backupChores } from "./backup-chore.ts";
import { readBackupStanding } from "./backup-runs.ts";
import { checkBackup } from "./archive-reader.ts";
import { restoreBackup } from "./restore-backup.ts";
import { giveUpOldBackups, runBackup } from "./run-backup.ts";
import { parentsFirst } from "./tables.ts";

let database: TestDatabase;
let folder: string;
let tenant: SeededTenant;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "hauswart-backup-"));
  database = await testDatabase();
  tenant = await seedTenant(database);
  await loadSealedBox(settings(), database);
}, 60_000);
afterEach(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

const settings = () => ({ dataDirectory: join(folder, "data"), masterKeyFile: undefined });
const to = () => join(folder, "backups");
const run = (passphraseFile?: string) =>
  runBackup({
    database,
    connection: database.connections.owner,
    settings: settings(),
    target: { directory: to(), passphraseFile },
    occasion: "command",
  });
const standing = () => database.unwalled("a test", (tx) => readBackupStanding(tx, Date.now()));
const audited = () => auditEntries(database, { action: "installation.%" });

describe("a backup", () => {
  test("holds every table and partition, and is written down, with its size, for every provider", async () => {
    const other = await seedTenant(database);
    await ensurePartitions(testServices(database, { clock: systemClock }));
    await seedDevice(database, tenant, tenant.first);
    const { file, bytes } = await run();
    const { manifest } = await checkBackup(file, undefined);
    const tables = await database.unwalled("a test", (tx) =>
      tx.sql<{ name: string }>(
        "select relname::text as name from pg_class where relnamespace = 'hauswart'::regnamespace and relkind in ('r', 'p') and not relispartition and relname <> 'migration'",
      ),
    );
    expect(manifest.tables.map(({ name }) => name).sort()).toEqual(tables.map(({ name }) => name).sort());
    expect(manifest.tables.find(({ name }) => name === "device")?.rows).toBe(1);
    expect(manifest.tables.find(({ name }) => name === "sample_batch")!.partitions.length).toBeGreaterThan(10);
    expect(await standing()).toEqual({
      lastSuccess: { atMs: expect.any(Number), file, fileBytes: bytes, isEncrypted: false },
      lastFailure: null,
    });
    expect((await audited()).map(({ providerId }) => providerId).sort()).toEqual([tenant.providerId, other.providerId].sort());
  });

  test("that fails is written down with its reason, until one succeeds", async () => {
    writeFileSync(join(folder, "secret"), "short\n");
    await expect(run(join(folder, "secret"))).rejects.toThrow(/at least 12 characters/);
    expect(await standing()).toEqual({
      lastSuccess: null,
      lastFailure: { atMs: expect.any(Number), problem: expect.stringMatching(/too short/) },
    });
    expect(existsSync(to()) ? readdirSync(to()) : []).toEqual([]);
    await Bun.sleep(2);
    await run();
    expect((await standing()).lastFailure).toBeNull();
  });

  test("whose key does not open the database is not made", async () => {
    const key = join(folder, "data", "secrets", "master.key");
    writeFileSync(key, `hauswart-master-key-1:${Buffer.alloc(32, 9).toString("base64")}\n`);
    await expect(run()).rejects.toThrow(/is not the one of this database/);
    expect(readdirSync(to())).toEqual([]);
  });

  test("has a day of samples whichever moment it is packed and given up in", async () => {
    const services = testServices(database);
    const deviceId = await seedDevice(database, tenant, tenant.first);
    await ensurePartitions(services);
    await database.ingest(contextFor(services, tenant), (tx) =>
      tx.sql(
        `insert into hauswart.sample_batch (provider_id, customer_id, device_id, received_at, stream_id, sequence, clock_offset_ms, check_numbers, ages_ms, fact_numbers, value_counts, values)
         values ($1, $2, $3, $4, $5, 1, 0, '{1}', '{0}', '{1}', '{1}', '{1.5}')`,
        [tenant.providerId, tenant.first.customerId, deviceId, isoTime(services.clock.now()), newId()],
      ),
    );
    services.clock.advance(3 * dayMs);
    await ensurePartitions(services);
    await rollUp(services);

    // Whoever holds this table stops the backup before it comes to the samples, and the day goes meanwhile.
    const holder = new Client(database.connections.owner);
    await holder.connect();
    await holder.query("begin; lock table hauswart.installation in access exclusive mode");
    const running = run();
    const isStopped = () =>
      database.unwalled("a test", (tx) =>
        tx.sql("select 1 as one from pg_locks where not granted and relation = 'hauswart.installation'::regclass"),
      );
    await until("the backup to wait", async () => (await isStopped()).length > 0);
    expect((await packSamples(services)).devices).toBe(1);
    await holder.query("rollback");
    await holder.end();
    const { tables } = (await checkBackup((await running).file, undefined)).manifest;
    const rows = (name: string) => tables.find((table) => table.name === name)!.rows;
    expect(rows("sample_batch") + rows("sample_packed")).toBeGreaterThanOrEqual(1);
  }, 60_000);

  test("is not made twice at a time", async () => {
    const client = new Client(database.connections.owner);
    await client.connect();
    await client.query("select pg_advisory_lock($1)", [0x626b7570]);
    await expect(run()).rejects.toThrow(/Another backup/);
    await client.end();
  });
});

describe("the daily backup", () => {
  test("is a chore where a folder is set, at its hour, and keeps the newest files alone", async () => {
    expect(backupChores({ backup: undefined }, database.connections.owner)).toEqual([]);
    const backup = { directory: to(), hour: 3, keep: 2, passphraseFile: undefined };
    const [chore] = backupChores({ backup }, database.connections.owner);
    expect([chore!.name, chore!.cron]).toEqual(["backup", "15 3 * * *"]);
    const services = testServices(database);
    await chore!.run({ ...services, settings: { ...services.settings, ...settings() } });
    const made = readdirSync(to())[0]!;
    const names = [
      "hauswart-20200101T000000Z.backup",
      "hauswart-20200102T000000Z.backup",
      "hauswart-20200103T000000Z.backup.unfinished",
      "notes.txt",
    ];
    for (const name of names) writeFileSync(join(to(), name), "");
    expect((await giveUpOldBackups(to(), 2)).sort()).toEqual([names[0]!, names[2]!]);
    expect(readdirSync(to()).sort()).toEqual([names[1]!, made, "notes.txt"].sort());
  });
});

describe("a restore into a database of one's own", () => {
  test("puts every row back behind the wall, and only into an empty one", async () => {
    const deviceId = await seedDevice(database, tenant, tenant.first);
    await ensurePartitions(testServices(database, { clock: systemClock }));
    const { file } = await run();
    await using target = await emptyDatabase();
    const databaseUrl = `postgres://postgres@localhost/${target.name}?host=${encodeURIComponent(target.socketDirectory)}`;
    const restore = (dataDirectory: string) =>
      restoreBackup({ file, passphrase: undefined, dataDirectory, databaseUrl, postgresUser: undefined, log: silentLogger });
    await restore(join(folder, "restored"));
    const client = new Client({ host: target.socketDirectory, user: "postgres", database: target.name });
    await client.connect();
    try {
      const { rows } = await client.query<{ device_id: string }>("select device_id from hauswart.device");
      expect(rows).toEqual([{ device_id: deviceId }]);
      const walls =
        "select relname::text as name, relrowsecurity, relforcerowsecurity from pg_class where relnamespace = 'hauswart'::regnamespace and relkind in ('r', 'p') order by 1";
      const { rows: there } = await client.query<{ name: string }>(walls);
      expect(there).toEqual(await database.unwalled("a test", (tx) => tx.sql<{ name: string }>(walls)));
      const { rows: asleep } = await client.query(
        "select tgname from pg_trigger t join pg_class c on c.oid = tgrelid where c.relnamespace = 'hauswart'::regnamespace and tgenabled = 'D'",
      );
      expect(asleep).toEqual([]);
    } finally {
      await client.end();
    }
    expect(readFileSync(join(folder, "restored/secrets/master.key"))).toEqual(readFileSync(join(folder, "data/secrets/master.key")));
    await expect(restore(join(folder, "again"))).rejects.toThrow(/holds tables of Hauswart/);
    expect(readdirSync(join(folder, "again"))).toEqual([]);
    await expect(restore(join(folder, "restored"))).rejects.toThrow(/is not empty/);
  }, 60_000);
});

describe("tables", () => {
  const table = (name: string) => ({ name, columns: ["id"], partitions: [] });

  test("that are referred to come first, also in a row of several", () => {
    const references = [
      { child: "a", parent: "b" },
      { child: "b", parent: "c" },
    ];
    expect(parentsFirst([table("a"), table("b"), table("c")], references).map(({ name }) => name)).toEqual(["c", "b", "a"]);
  });

  test("in a circle are refused by name", () => {
    const circle = [
      { child: "a", parent: "b" },
      { child: "b", parent: "a" },
    ];
    expect(() => parentsFirst([table("a"), table("b")], circle)).toThrow(/a, b refer to each other/);
  });
});
