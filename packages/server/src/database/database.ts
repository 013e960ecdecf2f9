/**
 * The one door to PostgreSQL. There is no other way to a connection than a transaction that has said for whom it works.
 * Queries are written with Kysely (`query` below) and compiled to named statements; hot paths hand in their SQL.
 */
import type { Compilable } from "kysely";
import type { Id } from "@hauswart/protocol/ids.ts";

/** For whom a transaction works; `Context` fits. */
export interface Tenant {
  readonly providerId: Id;
  readonly customers: "*" | readonly Id[];
}

/** An open transaction. Rows come as objects with the columns' names. */
export interface Tx {
  all<Row>(statement: Compilable<Row>): Promise<Row[]>;
  /** The first row, or undefined. */
  first<Row>(statement: Compilable<Row>): Promise<Row | undefined>;
  /** Runs a statement for its effect; the number of rows it touched. */
  run(statement: Compilable<unknown>): Promise<number>;
  /** Plain SQL with $1 parameters, for what a query builder cannot say well. */
  sql<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /**
   * Runs `work` once the transaction has committed, and never when it rolls back: for messages on the bus. What it throws is
   * logged, because the transaction cannot be undone any more.
   */
  afterCommit(work: () => void): void;
}

export interface Database {
  /**
   * Runs `work` in one transaction as the role hauswart_app, behind row-level security for this tenant.
   * Commits when it returns, rolls back when it throws.
   */
  transaction<Result>(tenant: Tenant, work: (tx: Tx) => Promise<Result>): Promise<Result>;
  /** The same as the narrow role hauswart_ingest, on a pool of its own. */
  ingest<Result>(tenant: Tenant, work: (tx: Tx) => Promise<Result>): Promise<Result>;
  /**
   * Without a tenant, as the owner: only for what happens before anybody is known (finding the session of a token, the device
   * of an id) and for housekeeping over all providers (partitions, sealing). `reason` stands in the slow-query log.
   */
  unwalled<Result>(reason: string, work: (tx: Tx) => Promise<Result>): Promise<Result>;
  /** Whether the database answers, for readiness. */
  ping(): Promise<boolean>;
  /** Whether writing failed not long ago because the disk under the database is full, and nothing has been taken in since. */
  isFull(): boolean;
  close(): Promise<void>;
}
