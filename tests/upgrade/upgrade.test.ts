/** Every release's stored house is restored as that release left it, and upgraded by the start of this version. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createClient, type Client } from "@hauswart/protocol/api/client.ts";
import { routes } from "@hauswart/protocol/api/routes.ts";
import { checkBackup } from "@hauswart/server/backup/archive-reader.ts";
import { findRunningPostgres } from "@hauswart/server/database/embedded/find-running.ts";
import { readMigrations } from "@hauswart/server/database/migration-files.ts";
import { makeServerData, ServerProcess } from "@hauswart/testkit/server-process.ts";
import { patienceMs, until } from "@hauswart/testkit/until.ts";
import { Client as PostgresClient } from "pg";
import { runRestoreCommand } from "../survival/support/backup-commands.ts";
import { House } from "../survival/support/house.ts";

/** Tables that had another name in older releases. */
const formerNames: Readonly<Record<string, string>> = { recipient: "mail_recipient" };

const stored = join(import.meta.dir, "stored");
const releases = readdirSync(stored).filter((name) => name.endsWith(".backup"));

const migrationsIn = async (file: string) => (await checkBackup(file, undefined)).manifest.migrations.length;

test("there are stored releases, the first among them", () => {
  expect(releases).toContain("0.1.0-20261121T1030.backup");
});

/** Names of the migrations that a data folder's database has; undefined while its PostgreSQL does not answer. */
async function appliedIn(dataDirectory: string): Promise<string[] | undefined> {
  const socket = findRunningPostgres(dataDirectory, undefined);
  if (socket === undefined) return undefined;
  const client = new PostgresClient({ host: socket, user: "postgres", database: "hauswart" });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return (await client.query<{ name: string }>("select name from hauswart.migration order by name")).rows.map(({ name }) => name);
  } catch {
    // It is just starting, or ending.
    return undefined;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Kills the server as soon as one more migration is there. @returns how many there are then */
async function killWithinMigrations(server: ServerProcess, before: number): Promise<number> {
  const start = server.restart().catch(() => undefined);
  await until("a migration to be done", async () => ((await appliedIn(server.dataDirectory)) ?? []).length > before);
  await server.kill();
  await start;
  return (await until("the database to answer", () => appliedIn(server.dataDirectory))).length;
}

describe.each(releases)("%s", (release) => {
  const file = join(stored, release);
  let parent: string;
  let house: House;
  let api: Client;

  beforeAll(async () => {
    parent = makeServerData();
    const data = join(parent, "data");
    const { code, output } = await runRestoreCommand(["--from", file, "--data", data]).ended;
    expect([code, output]).toEqual([0, expect.stringContaining("Restored")]);
    const server = new ServerProcess({ dataDirectory: data });
    // Killed again and again while it migrates: whatever had been done stays, and the next start goes on.
    const [all, before] = [readMigrations().length, await migrationsIn(file)];
    if (all > before) {
      const first = await killWithinMigrations(server, before);
      const isHalfDone = first > before && first < all;
      // The server is quick: of a few migrations it may have done the last when it is killed.
      if (all - before > 20) expect([first, isHalfDone]).toEqual([first, true]);
    }
    for (const afterMs of [600, 900]) {
      const start = server.restart().catch(() => undefined);
      await Bun.sleep(afterMs);
      await server.kill();
      await start;
    }
    await server.restart();
    const base = { base: server.url, fetch: fetch as never, table: routes };
    const { token } = await createClient(base)("createSession", { body: server.owner });
    api = createClient({ ...base, headers: { authorization: `Bearer ${token}` } });
    house = new House(server, api, token, "", "");
  }, 4 * patienceMs);

  afterAll(async () => {
    await house?.stop();
    rmSync(parent, { recursive: true, force: true });
  }, patienceMs);

  test("has every migration of this version", async () => {
    const applied = await house.query<{ name: string; hash: string }>("select name, hash from hauswart.migration order by name");
    expect(applied).toEqual(readMigrations().map(({ name, hash }) => ({ name, hash })));
  });

  test("has all rows that it had", async () => {
    const { manifest } = await checkBackup(file, undefined);
    for (const name of ["customer", "device", "sample_batch", "sample_fact", "policy", "webhook", "api_key", "recipient"]) {
      const [row] = await house.query<{ count: number }>(`select count(*)::int as count from hauswart.${name}`);
      const stored =
        manifest.tables.find((table) => table.name === name) ?? manifest.tables.find((table) => table.name === formerNames[name]);
      expect([name, row!.count]).toEqual([name, stored!.rows]);
    }
  });

  test("shows its devices, their values and what was done to them", async () => {
    const { items } = await api("listDevices", { query: { limit: 10 } });
    expect(items).toHaveLength(4);
    expect(items.filter(({ tags }) => tags.includes("stored"))).toHaveLength(1);
    const { deviceId } = items[0]!;
    const { items: checks } = await api("listDeviceChecks", { params: { deviceId } });
    expect(checks.length).toBeGreaterThan(3);
    const [{ at }] = (await house.query<{ at: Date }>("select max(received_at) as at from hauswart.sample_batch where device_id = $1", [
      deviceId,
    ])) as [{ at: Date }];
    const [from, to] = [at.getTime() - 3_600_000, at.getTime() + 60_000].map((time) => new Date(time).toISOString());
    const graphs = await Promise.all(
      checks.map(({ number }) => api("getSeries", { params: { deviceId, number }, query: { from: from!, to: to! } })),
    );
    expect(graphs.flatMap(({ series }) => series).some(({ value }) => value.some((one) => one !== null))).toBe(true);
  });

  test("keeps its secrets sealed, and its audit log is sealed on", async () => {
    const [row] = await house.query<{ hook: string; identity: number }>(
      "select (select secret from hauswart.webhook) as hook, (select get_byte(value, 0) from hauswart.installation where name = 'identity-key') as identity",
    );
    expect(row).toEqual({ hook: expect.stringMatching(/^sealed:/), identity: 1 });
    await until("the audit log to be sealed", async () =>
      (await api("listAudit", { query: { limit: 200 } })).items.every(({ sealed }) => sealed),
    );
  });
});
