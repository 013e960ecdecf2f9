import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { testNeeding } from "@hauswart/testkit/needs.ts";
import { testLimitMs, until } from "@hauswart/testkit/until.ts";
import { Client } from "pg";
import { silentLogger } from "../../operation/log.ts";
import { EmbeddedPostgresError } from "./error.ts";
import type { EmbeddedOptions, EmbeddedPostgres } from "./supervisor.ts";
import { startEmbeddedPostgres } from "./supervisor.ts";

// Each makes a cluster of its own, on a disk that is waited for.
setDefaultTimeout(testLimitMs);

const needsRoot = process.getuid?.() === 0 ? undefined : "needs root";

let folder: string;
let running: EmbeddedPostgres[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hauswart-embedded-"));
  chmodSync(folder, 0o755);
  running = [];
});
afterEach(async () => {
  for (const postgres of running) await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(changes: Partial<EmbeddedOptions> = {}): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDirectory: join(folder, "data"), log: silentLogger, ...changes });
  running.push(postgres);
  return postgres;
}

async function connected<Result>({ socketDirectory }: EmbeddedPostgres, work: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client({ host: socketDirectory, user: "postgres", database: "postgres" });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The first value of the first row. */
const ask = (postgres: EmbeddedPostgres, sql: string) =>
  connected(postgres, async (client) => Object.values(((await client.query(sql)).rows[0] ?? {}) as object)[0] as unknown);

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe("start and stop", () => {
  test("the first start makes the cluster, the second keeps its data, the end leaves no process", async () => {
    const first = await start();
    expect([first.isNew, first.wasAdopted]).toEqual([true, false]);
    await ask(first, "create table kept as select 42 as answer");
    const pid = first.pid() as number;
    await first.stop();
    expect([isAlive(pid), first.pid()]).toEqual([false, undefined]);
    const second = await start();
    expect([second.isNew, await ask(second, "select answer from kept")]).toEqual([false, 42]);
  });

  test("it is durable, has checksums, sorts by C.UTF-8 and listens on its socket alone", async () => {
    const postgres = await start();
    const show = (name: string) => ask(postgres, `select current_setting('${name}')`);
    expect(
      await Promise.all(["fsync", "synchronous_commit", "full_page_writes", "data_checksums", "listen_addresses", "jit"].map(show)),
    ).toEqual(["on", "on", "on", "on", "", "off"]);
    expect(
      await ask(
        postgres,
        "select datlocprovider::text || ' ' || datlocale || ' ' || pg_encoding_to_char(encoding) from pg_database where datname = 'template1'",
      ),
    ).toBe("b C.UTF-8 UTF8");
  });

  testNeeding(needsRoot)("another user of the system is refused by the kernel's word", async () => {
    const postgres = await start();
    const { uid, gid } = statSync(postgres.socketDirectory);
    const driver = fileURLToPath(import.meta.resolve("pg"));
    const script = `
      const { Client } = await import(${JSON.stringify(driver)});
      const client = new Client({ host: ${JSON.stringify(postgres.socketDirectory)}, user: "postgres", database: "postgres" });
      console.log(await client.connect().then(() => "let in", (error) => error.message));
      process.exit(0);`;
    const { stdout } = spawnSync(process.execPath, ["-e", script], { uid, gid, cwd: "/", encoding: "utf8" });
    expect(stdout.trim()).toBe('Peer authentication failed for user "postgres"');
  });

  test("a second server on the same data is refused and the first goes on", async () => {
    const first = await start();
    const refusal = await start().catch((error: unknown) => error as Error);
    expect(refusal).toBeInstanceOf(EmbeddedPostgresError);
    expect((refusal as Error).message).toContain(`Another Hauswart server (process ${process.pid})`);
    expect(await ask(first, "select 1")).toBe(1);
  });

  test("a first start that was interrupted is done again", async () => {
    mkdirSync(join(folder, "data/postgresql.new"), { recursive: true });
    writeFileSync(join(folder, "data/postgresql.new/half"), "");
    expect((await start()).isNew).toBe(true);
    expect(existsSync(join(folder, "data/postgresql.new"))).toBe(false);
  });

  test("a pid file that names another living process is not in the way", async () => {
    const first = await start();
    await first.stop();
    writeFileSync(join(folder, "data/postgresql/postmaster.pid"), `${process.pid}\n${join(folder, "data/postgresql")}\n`);
    const second = await start();
    expect([second.isNew, second.wasAdopted, await ask(second, "select 1")]).toEqual([false, false, 1]);
  });

  test("data of another version of PostgreSQL is refused with both versions", async () => {
    await (await start()).stop();
    writeFileSync(join(folder, "data/postgresql/PG_VERSION"), "17\n");
    const refusal = await start().catch((error: unknown) => error as Error);
    expect((refusal as Error).message).toMatch(/made by PostgreSQL 17.*brings 18/);
  });

  test("settings that PostgreSQL does not take are told in its words, and nothing is left running", async () => {
    const refusal = await start({ settings: { wal_level: "sometimes" } }).catch((error: unknown) => error as Error);
    expect((refusal as Error).message).toMatch(/did not start(.|\n)*invalid value for parameter "wal_level": "sometimes"/);
    expect(existsSync(join(folder, "data/postgresql/postmaster.pid"))).toBe(false);
  });
});

describe("places", () => {
  test("a data folder with a long name has its socket elsewhere, and the same place each time", async () => {
    const dataDirectory = join(folder, "a-folder-with-a-very-long-name-".repeat(4));
    const first = await start({ dataDirectory });
    const place = first.socketDirectory;
    expect(place.startsWith(dataDirectory)).toBe(false);
    await first.stop();
    const second = await start({ dataDirectory });
    expect(second.socketDirectory).toBe(place);
    await second.stop();
    rmSync(place, { recursive: true });
  });

  testNeeding(needsRoot)("a data folder that PostgreSQL's user cannot enter leads to a place that it can, the same each time", async () => {
    const dataDirectory = join(folder, "private");
    mkdirSync(dataDirectory, { mode: 0o700 });
    const steps: string[] = [];
    const first = await start({ dataDirectory, progress: (step) => steps.push(step) });
    const home = readFileSync(join(dataDirectory, "postgresql-is-in"), "utf8").trim();
    try {
      expect(steps[0]).toContain(`The database lies in ${home}`);
      expect(dirname((await ask(first, "select current_setting('data_directory')")) as string)).toBe(home);
      await first.stop();
      expect((await start({ dataDirectory })).isNew).toBe(false);
    } finally {
      await running.at(-1)?.stop();
      rmSync(home, { recursive: true, force: true });
      if (readdirSync(dirname(home)).length === 0) rmSync(dirname(home), { recursive: true });
    }
  });
});

describe("sudden deaths", () => {
  test("kill -9 of PostgreSQL while rows are written: it comes back by itself and has every acknowledged row", async () => {
    const postgres = await start();
    await ask(postgres, "create table written (number integer primary key)");
    const acknowledged: number[] = [];
    let next = 0;
    let isOver = false;
    const write = async () => {
      while (!isOver) {
        await connected(postgres, async (client) => {
          while (!isOver) {
            const number = next++;
            await client.query("insert into written values ($1)", [number]);
            acknowledged.push(number);
          }
        }).catch(() => sleep(20));
      }
    };
    const writers = [write(), write(), write()];
    for (let death = 1; death <= 2; death++) {
      const before = acknowledged.length;
      await until("200 more", () => acknowledged.length > before + 200);
      process.kill(postgres.pid() as number, "SIGKILL");
      await until("the restart", () => postgres.restarts() === death);
    }
    const before = acknowledged.length;
    await until("50 more", () => acknowledged.length > before + 50);
    isOver = true;
    await Promise.all(writers);
    const stored = await connected(postgres, async (client) => (await client.query<{ number: number }>("select number from written")).rows);
    const isStored = new Set(stored.map(({ number }) => number));
    expect(acknowledged.filter((number) => !isStored.has(number))).toEqual([]);
  });

  test("kill -9 of the server leaves PostgreSQL running, and the next server takes it over and still restarts it", async () => {
    const orphan = await abandon({});
    const next = await start();
    expect([next.wasAdopted, next.pid()]).toEqual([true, orphan]);
    process.kill(orphan, "SIGKILL");
    await until("the restart", () => next.restarts() === 1);
    expect(await ask(next, "select 1")).toBe(1);
  });

  test("an orphan with other settings is ended and started anew", async () => {
    const orphan = await abandon({});
    const next = await start({ settings: { work_mem: "9MB" } });
    expect([next.wasAdopted, next.pid() === orphan, await ask(next, "show work_mem")]).toEqual([false, false, "9MB"]);
  });

  test("kill -9 of server and PostgreSQL together: the next server recovers", async () => {
    const orphan = await abandon({});
    process.kill(orphan, "SIGKILL");
    const next = await start();
    expect([next.isNew, next.wasAdopted, await ask(next, "select 1")]).toEqual([false, false, 1]);
  });

  /** A server process that starts PostgreSQL in the folder and is killed. @returns the orphan's process id */
  async function abandon(settings: Record<string, string>): Promise<number> {
    const supervisor = fileURLToPath(new URL("supervisor.ts", import.meta.url));
    const script = `
      const { startEmbeddedPostgres } = await import(${JSON.stringify(supervisor)});
      const log = { debug() {}, info() {}, warn() {}, error() {}, with: () => log };
      const postgres = await startEmbeddedPostgres({ dataDirectory: ${JSON.stringify(join(folder, "data"))}, log, settings: ${JSON.stringify(settings)} });
      console.log(postgres.pid());
      setInterval(() => undefined, 1000);`;
    const server = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    const pid = await new Promise<number>((resolve) => server.stdout.once("data", (text: Buffer) => resolve(Number(text.toString()))));
    server.kill("SIGKILL");
    await new Promise((resolve) => server.once("exit", resolve));
    expect(isAlive(pid)).toBe(true);
    return pid;
  }
});
