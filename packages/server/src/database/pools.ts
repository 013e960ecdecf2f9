/** Connections: three pools, one per role, with values as the code wants them. */
import type { ClientConfig, PoolClient } from "pg";
import { Pool, TypeOverrides } from "pg";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "../operation/log.ts";
import { isUnavailable } from "./errors.ts";

/** How to reach the database as each role. */
export interface Connections {
  /** Puts on hauswart_owner. Also for the job queue, which manages its own connections. */
  readonly owner: ClientConfig;
  readonly app: ClientConfig;
  readonly ingest: ClientConfig;
}

export interface PoolSizes {
  readonly owner: number;
  readonly app: number;
  readonly ingest: number;
}

/** 20 of the 100 connections that PostgreSQL offers by default; a transaction takes a millisecond or two. */
export const defaultPoolSizes: PoolSizes = { owner: 4, app: 12, ingest: 4 };

/** What a statement of the API or of ingest may take before it is broken off. */
const statementTimeoutMs = 30_000;

/** How long a transaction waits for a database that is just starting again. Nothing has been done yet, so waiting is safe. */
const connectPatienceMs = 5_000;
const connectPauseMs = 100;

/** Options of the connection that stand from its first moment. */
export function sessionOptions(role: "owner" | "app" | "ingest"): string {
  const settings = {
    search_path: "hauswart",
    ...(role === "owner" ? { role: "hauswart_owner" } : { statement_timeout: String(statementTimeoutMs) }),
  };
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(" ");
}

export function openPool(config: ClientConfig, size: number, log: Logger): Pool {
  const pool = new Pool({
    ...config,
    types: valueTypes,
    pipeline: true,
    max: size,
    idleTimeoutMillis: 60_000,
    connectionTimeoutMillis: 10_000,
    // A backend keeps every prepared statement and every table's description that it has seen; it is renewed now and then.
    maxLifetimeSeconds: 3_600,
  });
  // Without these two a connection that breaks while idle or between two statements ends the process.
  // The pool's end does not wait for its connections' ends: PostgreSQL, told to stop right after it, may still break one off.
  pool.on("error", (error) => pool.ending || log.warn("a database connection broke while idle", { error }));
  pool.on("connect", (client) => void client.on("error", () => undefined));
  return pool;
}

/**
 * A connection from the pool; waits a few seconds for a database that is just coming back.
 * @throws the error of the last attempt
 */
export async function acquire(pool: Pool): Promise<PoolClient> {
  const deadline = performance.now() + connectPatienceMs;
  for (;;) {
    try {
      return await pool.connect();
    } catch (error) {
      if (!isUnavailable(error) || performance.now() > deadline) throw error;
      await sleep(connectPauseMs);
    }
  }
}

const oid = { int8: 20, date: 1082, int8Array: 1016, dateArray: 1182, textArray: 1009 } as const;

/** bigint as a number where that is exact, as a BigInt beyond 2^53; a date stays its text (it has no time zone to be a Date in). */
const valueTypes = makeValueTypes();

function makeValueTypes(): TypeOverrides {
  const types = new TypeOverrides();
  types.setTypeParser(oid.int8, wholeNumber);
  types.setTypeParser(oid.date, (text) => text);
  const parseTextArray = types.getTypeParser(oid.textArray, "text") as unknown as (text: string) => (string | null)[];
  types.setTypeParser(oid.int8Array, (text) => parseTextArray(text).map((element) => (element === null ? null : wholeNumber(element))));
  types.setTypeParser(oid.dateArray, parseTextArray);
  return types;
}

function wholeNumber(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}
