/** A backup made under load, restored on another folder: nothing acknowledged before it is missing, and the agents go on. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@hauswart/protocol/api/client.ts";
import { routes } from "@hauswart/protocol/api/routes.ts";
import type { Fleet } from "@hauswart/simulator/fleet.ts";
import { makeServerData, ServerProcess } from "@hauswart/testkit/server-process.ts";
import { patienceMs, testLimitMs, until } from "@hauswart/testkit/until.ts";
import { runBackupCommand, runRestoreCommand } from "./support/backup-commands.ts";
import { House, openHouse } from "./support/house.ts";
import { Ledger, storedBatches } from "./support/ledger.ts";

const agents = 20;
let folder: string;
let house: House;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "hauswart-backups-"));
  house = await openHouse();
}, testLimitMs);
afterAll(async () => {
  await house?.stop();
  rmSync(folder, { recursive: true, force: true });
}, testLimitMs);

/** A folder below one that PostgreSQL's user can enter; not there yet. */
const newData = () => {
  const parent = makeServerData();
  return { parent, data: join(parent, "data") };
};

const measureAllTheTime = (fleet: Fleet) => {
  const timer = setInterval(() => {
    for (const agent of fleet.agents) agent.measure(Date.now());
  }, 50);
  return () => clearInterval(timer);
};

/** Rows that take a while to be read and written. */
const weigh = () =>
  house.query(
    `insert into hauswart.quarantined_message (provider_id, quarantined_message_id, customer_id, device_id, stream_id, sequence, received_at, body, error)
     select provider_id, gen_random_uuid(), customer_id, gen_random_uuid(), gen_random_uuid(), 1, now(),
       (select decode(string_agg(md5(random()::text || n), ''), 'hex') from generate_series(1, 20000 + g * 0) n), 'of a test'
     from hauswart.customer, generate_series(1, 150) g`,
  );

describe("a backup under load", () => {
  test(
    "holds all that was acknowledged before it, and the agents go on with the restored server",
    async () => {
      const ledger = new Ledger();
      const fleet = await house.connect(await house.enrol(agents), { wrapSocket: ledger.wrap });
      const stopMeasuring = measureAllTheTime(fleet);
      const { parent, data } = newData();
      let second: ServerProcess | undefined;
      try {
        await until("ingest under way", () => ledger.acknowledged >= 5 * agents);
        const promised = ledger.promised();
        const backup = runBackupCommand(house.server.dataDirectory, ["--to", folder]);
        const { code, output, result } = await backup.ended;
        expect([code, output]).toEqual([0, expect.stringContaining("is not encrypted")]);
        const sentAtEnd = ledger.acknowledged;
        await until("more values after the backup", () => ledger.acknowledged >= sentAtEnd + 5 * agents);
        stopMeasuring();
        await fleet.until((agent) => agent.isCurrent, patienceMs);
        await house.server.end();

        const restored = await runRestoreCommand(["--from", result, "--data", data]).ended;
        expect([restored.code, restored.output]).toEqual([0, expect.stringContaining("Restored")]);
        second = new ServerProcess({ dataDirectory: data, port: Number(new URL(house.server.url).port) });
        await second.restart();
        const restoredHouse = new House(second, house.api, house.token, house.customerId, house.siteId);

        const stored = Map.groupBy(await storedBatches(restoredHouse), ({ stream, sequence }) => `${stream} ${sequence}`);
        expect(promised.length).toBeGreaterThanOrEqual(5 * agents);
        const missing = promised.filter(({ stream, sequence, checks }) => {
          const rows = stored.get(`${stream} ${sequence}`) ?? [];
          return rows.length !== 1 || rows[0]!.samples.map(({ check }) => check).join() !== checks;
        });
        expect(missing).toEqual([]);
        // What was sent after the backup is not there: the test has looked at another database.
        expect(stored.size).toBeLessThan(ledger.acknowledged);

        expect(await house.api("getSession").catch((error: { code?: string }) => error.code)).toBe("UNAUTHENTICATED");
        await fleet.until((agent) => agent.isConnected, patienceMs);
        const before = (await storedBatches(restoredHouse)).length;
        for (const agent of fleet.agents) agent.measure(Date.now());
        await fleet.until((agent) => agent.isCurrent, patienceMs);
        expect((await storedBatches(restoredHouse)).length).toBeGreaterThanOrEqual(before + agents);
        await expectToldOf(second, fleet);
      } finally {
        stopMeasuring();
        await fleet.stop();
        await second?.stop();
        rmSync(parent, { recursive: true, force: true });
        if (!house.server.isRunning) await house.server.restart();
      }
    },
    4 * patienceMs,
  );

  /** Each device's timeline says that values are missing, and the audit log is whole and says who restored. */
  async function expectToldOf(server: ServerProcess, fleet: Fleet): Promise<void> {
    const base = { base: server.url, fetch: fetch as never, table: routes };
    const { token } = await createClient(base)("createSession", { body: server.owner });
    const api = createClient({ ...base, headers: { authorization: `Bearer ${token}` } });
    const { items } = await api("listDevices", { query: { limit: 200 } });
    expect(items).toHaveLength(fleet.agents.length);
    for (const { deviceId } of items) {
      const { items: events } = await api("listDeviceTimeline", { params: { deviceId }, query: { limit: 50 } });
      expect(events.map(({ kind }) => kind)).toContain("server-restored");
    }
    const { items: entries } = await api("listAudit", { query: { limit: 200 } });
    expect(entries.map(({ action }) => action)).toContain("installation.restore");
    await until("the audit log to be sealed to its end", async () =>
      (await api("listAudit", { query: { limit: 200 } })).items.every(({ sealed }) => sealed),
    );
  }
});

describe("kill -9", () => {
  test(
    "of a backup leaves no file that looks whole, and the next one is made",
    async () => {
      await weigh();
      const to = join(folder, "killed");
      const killed = runBackupCommand(house.server.dataDirectory, ["--to", to]);
      await until(
        "the backup under way",
        () => existsSync(to) && readdirSync(to).some((name) => statSync(join(to, name)).size > 1_000_000),
      );
      killed.child.kill("SIGKILL");
      await killed.ended;
      expect(readdirSync(to)).toEqual([expect.stringMatching(/\.backup\.unfinished$/)]);
      const left = join(to, readdirSync(to)[0]!);
      expect((await runBackupCommand(house.server.dataDirectory, ["--verify", left]).ended).code).toBe(1);
      expect((await runRestoreCommand(["--from", left, "--data", join(to, "data")]).ended).code).toBe(1);
      expect(existsSync(join(to, "data"))).toBe(false);
      const next = await runBackupCommand(house.server.dataDirectory, ["--to", to]).ended;
      expect(next.code === 0 ? "" : next.output).toBe("");
    },
    testLimitMs,
  );

  test(
    "of a restore leaves a folder that no server starts on",
    async () => {
      const { result } = await runBackupCommand(house.server.dataDirectory, ["--to", join(folder, "whole")]).ended;
      const { parent, data } = newData();
      const restore = runRestoreCommand(["--from", result, "--data", data]);
      await until("the restore under way", () => existsSync(join(data, "postgresql", "postmaster.pid")));
      restore.child.kill("SIGKILL");
      await restore.ended;
      const server = new ServerProcess({ dataDirectory: data });
      expect(await server.restart().catch(String)).toContain("was not finished");
      const again = await runRestoreCommand(["--from", result, "--data", data]).ended;
      expect([again.code, again.output]).toEqual([1, expect.stringContaining("is not empty")]);
      await server.stop();
      rmSync(parent, { recursive: true, force: true });
    },
    testLimitMs,
  );
});

test(
  "a backup with a passphrase is restored with it alone, and one that was cut or altered not at all",
  async () => {
    const passphraseFile = join(folder, "passphrase");
    writeFileSync(passphraseFile, "correct horse battery staple\n");
    const { code, result } = await runBackupCommand(house.server.dataDirectory, [
      "--to",
      join(folder, "secret"),
      "--passphrase-file",
      passphraseFile,
    ]).ended;
    expect(code).toBe(0);
    const key = readFileSync(join(house.server.dataDirectory, "secrets", "master.key"), "utf8").trim();
    expect(readFileSync(result).includes(key)).toBe(false);
    const { parent, data } = newData();
    const restore = (from: string, words: readonly string[] = ["--passphrase-file", passphraseFile]) =>
      runRestoreCommand(["--from", from, "--data", data, ...words]).ended;
    try {
      const without = await restore(result, []);
      expect([without.code, without.output]).toEqual([1, expect.stringContaining("is encrypted")]);
      writeFileSync(join(folder, "wrong"), "another passphrase\n");
      expect((await restore(result, ["--passphrase-file", join(folder, "wrong")])).output).toContain("passphrase is not the one");
      const whole = readFileSync(result);
      const broken = join(folder, "broken.backup");
      writeFileSync(broken, whole);
      const file = openSync(broken, "r+");
      ftruncateSync(file, Math.floor(whole.length / 2));
      closeSync(file);
      expect((await restore(broken)).code).toBe(1);
      const altered = Buffer.from(whole);
      altered[Math.floor(whole.length / 2)]! ^= 1;
      writeFileSync(broken, altered);
      expect((await restore(broken)).output).toMatch(/was altered|cannot be read|is not whole/);
      expect(existsSync(data)).toBe(false);
      expect((await restore(result)).code).toBe(0);
      expect(readFileSync(join(data, "secrets", "master.key"), "utf8").trim()).toBe(key);
      const server = new ServerProcess({ dataDirectory: data });
      await server.restart();
      await server.stop();
    } finally {
      rmSync(parent, { recursive: true, force: true });
    }
  },
  4 * patienceMs,
);
