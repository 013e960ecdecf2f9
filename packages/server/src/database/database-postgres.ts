/** The door to PostgreSQL (database.ts), on the driver `pg`. */
import { createHash } from "node:crypto";
import type { Compilable } from "kysely";
import type { Pool, PoolClient, QueryResult } from "pg";
import type { Logger } from "../operation/log.ts";
import type { Database, Tenant, Tx } from "./database.ts";
import { isDiskFull } from "./errors.ts";
import { unguarded, type Guard } from "./nesting.ts";
import type { Connections, PoolSizes } from "./pools.ts";
import { acquire, defaultPoolSizes, openPool } from "./pools.ts";

export interface DatabaseOptions {
  readonly connections: Connections;
  readonly log: Logger;
  readonly poolSizes?: PoolSizes;
  /** Of the transactions' work; see nesting.ts. */
  readonly guard?: Guard;
}

/** How long readiness waits for an answer. */
const pingPatienceMs = 2_000;

/** How long a full disk counts as full when nobody has tried to write since. */
const fullForMs = 60_000;

/** Remembers that the disk is full. A small write may still succeed when it is: only what agents send, the bulk of all writes, says that there is room again. */
class FullDisk {
  #untilMs = Number.NEGATIVE_INFINITY;
  get isFull(): boolean {
    return performance.now() < this.#untilMs;
  }
  async watch<Result>(work: Promise<Result>, isBulk: boolean): Promise<Result> {
    try {
      const result = await work;
      if (isBulk) this.#untilMs = Number.NEGATIVE_INFINITY;
      return result;
    } catch (error) {
      if (isDiskFull(error)) this.#untilMs = performance.now() + fullForMs;
      throw error;
    }
  }
}

/** Opens the pools; connections are made when they are needed. */
export function openDatabase({ connections, log, poolSizes = defaultPoolSizes, guard = unguarded }: DatabaseOptions): Database {
  const pools = {
    owner: openPool(connections.owner, poolSizes.owner, log),
    app: openPool(connections.app, poolSizes.app, log),
    ingest: openPool(connections.ingest, poolSizes.ingest, log),
  };
  const disk = new FullDisk();
  return {
    transaction: (tenant, work) =>
      disk.watch(
        transact(pools.app, (client) => wall(client, tenant), guard(work), log),
        false,
      ),
    ingest: (tenant, work) =>
      disk.watch(
        transact(pools.ingest, (client) => wall(client, tenant), guard(work), log),
        true,
      ),
    unwalled: (reason, work) =>
      disk.watch(
        transact(pools.owner, (client) => nameReason(client, reason), guard(work), log),
        false,
      ),
    ping: () => ping(pools.app),
    isFull: () => disk.isFull,
    close: async () => void (await Promise.all(Object.values(pools).map((pool) => pool.end()))),
  };
}

/** Says for whom the transaction works; read by the policies. */
function wall(client: PoolClient, { providerId, customers }: Tenant): Promise<unknown> {
  return client.query({
    name: "wall",
    text: "select set_config('app.provider', $1, true), set_config('app.customers', $2, true)",
    values: [providerId, customers === "*" ? "*" : `{${customers.join(",")}}`],
  });
}

function nameReason(client: PoolClient, reason: string): Promise<unknown> {
  return client.query({ name: "reason", text: "select set_config('application_name', $1, true)", values: [`hauswart: ${reason}`] });
}

/**
 * One transaction. Begin and its preparation travel with the first statement: nobody waits for their answers before
 * that, and if one of them fails, PostgreSQL refuses all that follows.
 */
async function transact<Result>(
  pool: Pool,
  prepare: (client: PoolClient) => Promise<unknown>,
  work: (tx: Tx) => Promise<Result>,
  log: Logger,
): Promise<Result> {
  const client = await acquire(pool);
  const tx = new PostgresTx(client);
  let isBroken = false;
  let result: Result;
  try {
    const opening = Promise.all([client.query({ name: "begin", text: "begin" }), prepare(client)]);
    opening.catch(() => undefined);
    result = await work(tx);
    tx.end();
    await opening;
    // COMMIT of a failed transaction answers ROLLBACK, without an error.
    const { command } = await client.query({ name: "commit", text: "commit" });
    if (command !== "COMMIT")
      throw new Error(`the transaction was not committed: PostgreSQL answered ${command}, because a statement in it had failed`);
  } catch (error) {
    tx.end();
    isBroken = await client.query("rollback").then(
      () => false,
      () => true,
    );
    throw error;
  } finally {
    client.release(isBroken);
  }
  tx.runAfterCommit(log);
  return result;
}

class PostgresTx implements Tx {
  readonly #client: PoolClient;
  readonly #afterCommit: (() => void)[] = [];
  #hasEnded = false;

  constructor(client: PoolClient) {
    this.#client = client;
  }

  async all<Row>(statement: Compilable<Row>): Promise<Row[]> {
    return (await this.#compiled(statement)).rows as Row[];
  }

  async first<Row>(statement: Compilable<Row>): Promise<Row | undefined> {
    return (await this.#compiled(statement)).rows[0] as Row | undefined;
  }

  async run(statement: Compilable<unknown>): Promise<number> {
    return (await this.#compiled(statement)).rowCount ?? 0;
  }

  async sql<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    // Without values it is sent as it is: it may be several statements, or name a partition that nobody asks for again.
    return (await this.#query(text, values, values.length === 0 ? undefined : statementName(text))).rows as Row[];
  }

  afterCommit(work: () => void): void {
    this.#afterCommit.push(work);
  }

  /** From now on the transaction can no longer be used; a forgotten `await` is an error and does not reach another's transaction. */
  end(): void {
    this.#hasEnded = true;
  }

  runAfterCommit(log: Logger): void {
    for (const work of this.#afterCommit) {
      try {
        work();
      } catch (error) {
        log.error("what was to be done after a commit failed", { error });
      }
    }
  }

  #compiled(statement: Compilable<unknown>): Promise<QueryResult> {
    const { sql, parameters } = statement.compile();
    return this.#query(sql, parameters, statementName(sql));
  }

  #query(text: string, values: readonly unknown[], name: string | undefined): Promise<QueryResult> {
    if (this.#hasEnded)
      return Promise.reject(new Error("the transaction is over: a statement was sent after its end; is there an await missing?"));
    return this.#client.query({ text, values: values as unknown[], ...(name === undefined ? {} : { name }) });
  }
}

/** Statements that are prepared under a name, and so planned once per connection. More variants than this run unnamed. */
const mostNamed = 1_000;
const names = new Map<string, string>();

function statementName(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= mostNamed) return known;
  const name = createHash("sha256").update(text).digest("base64url").slice(0, 22);
  names.set(text, name);
  return name;
}

async function ping(pool: Pool): Promise<boolean> {
  const patience = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => patience.resolve(false), pingPatienceMs);
  const answer = pool.query("select 1").then(
    () => true,
    () => false,
  );
  const isThere = await Promise.race([answer, patience.promise]);
  clearTimeout(timer);
  return isThere;
}
