/**
 * Only one server may supervise a cluster. The lock is an advisory lock in PostgreSQL itself, held by an open connection:
 * it falls with the process that holds it, however that ends.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { superuser } from "./cluster.ts";
import { EmbeddedPostgresError } from "./error.ts";

/** Any number; the same in all versions. ASCII for "hswt". */
const lockKey = 0x68737774;

const applicationPrefix = "hauswart supervisor, process ";

/** After kill -9 of its holder PostgreSQL needs a moment to notice. */
const patienceMs = 3_000;

export class SupervisorLock {
  readonly #socketDirectory: string;
  readonly #clusterDirectory: string;
  #client: Client | undefined;

  constructor(socketDirectory: string, clusterDirectory: string) {
    this.#socketDirectory = socketDirectory;
    this.#clusterDirectory = clusterDirectory;
  }

  get isHeld(): boolean {
    return this.#client !== undefined;
  }

  /** @throws EmbeddedPostgresError when another process holds it */
  async take(): Promise<void> {
    const client = new Client({
      host: this.#socketDirectory,
      user: superuser,
      database: "postgres",
      application_name: `${applicationPrefix}${process.pid}`,
    });
    client.on("error", () => this.#forget(client));
    await client.connect();
    const deadline = performance.now() + patienceMs;
    while (!(await isGranted(client))) {
      if (performance.now() < deadline) {
        await sleep(100);
        continue;
      }
      const holder = await holderOf(client);
      await client.end();
      throw new EmbeddedPostgresError(
        `Another Hauswart server${holder} runs on the database in ${this.#clusterDirectory}. Stop it, or set HAUSWART_DATA to another folder.`,
      );
    }
    this.#client = client;
  }

  async release(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    // A connection whose server is gone cannot say goodbye.
    await client?.end().catch(() => undefined);
  }

  #forget(client: Client): void {
    if (this.#client === client) this.#client = undefined;
  }
}

async function isGranted(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ granted: boolean }>("select pg_try_advisory_lock($1) as granted", [lockKey]);
  return rows[0]?.granted === true;
}

/** " (process 4711)", or nothing when the holder cannot be told. */
async function holderOf(client: Client): Promise<string> {
  const { rows } = await client.query<{ application_name: string }>(
    "select a.application_name from pg_locks l join pg_stat_activity a using (pid) where l.locktype = 'advisory' and l.objid = $1 and l.granted",
    [lockKey],
  );
  const name = rows[0]?.application_name ?? "";
  return name.startsWith(applicationPrefix) ? ` (process ${name.slice(applicationPrefix.length)})` : "";
}
