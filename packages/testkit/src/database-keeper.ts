/**
 * The PostgreSQL of the tests, one for all test processes of a checkout. It runs as a process of its own, because test
 * processes come and go and may be killed: each holds a connection to this one, and a few seconds after the last has gone
 * the keeper stops PostgreSQL, deletes its files and ends.
 *
 * Durability is off: no test of the platform asks what survives a power cut of this database; those that kill PostgreSQL
 * start their own.
 */
import { Database as Sqlite } from "bun:sqlite";
import { rmSync } from "node:fs";
import { createServer } from "node:net";
import type { Socket } from "node:net";
import { join } from "node:path";
import { startEmbeddedPostgres } from "@hauswart/server/database/embedded/supervisor.ts";
import { makeLogger } from "@hauswart/server/operation/log.ts";

const lingerMs = 4_000;

const settings = {
  fsync: "off",
  full_page_writes: "off",
  synchronous_commit: "off",
  max_connections: 300,
  shared_buffers: "64MB",
  max_wal_size: "256MB",
  logging_collector: "off",
  log_min_duration_statement: "-1",
  log_checkpoints: "off",
};

async function keep(folder: string): Promise<void> {
  if (!lockForThisProcess(join(folder, "keeper.lock"))) return;
  const dataDirectory = join(folder, "data");
  const socketPath = join(folder, "keeper.socket");
  rmSync(socketPath, { force: true });
  const postgres = await startEmbeddedPostgres({ dataDirectory, log: makeLogger({ format: "lines" }), settings });
  await serve(socketPath, `${postgres.socketDirectory}\n`);
  await postgres.stop();
  rmSync(postgres.socketDirectory, { recursive: true, force: true });
  rmSync(dataDirectory, { recursive: true, force: true });
}

/** Tells every visitor the greeting. Settled when nobody has been there for a while; from then on nobody gets in. */
function serve(socketPath: string, greeting: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const visitors = new Set<Socket>();
    const leave = () => {
      server.close();
      rmSync(socketPath, { force: true });
      resolve();
    };
    let departure = setTimeout(leave, lingerMs);
    const server = createServer((visitor) => {
      clearTimeout(departure);
      visitors.add(visitor);
      visitor.on("error", () => undefined);
      visitor.once("close", () => {
        visitors.delete(visitor);
        if (visitors.size === 0) departure = setTimeout(leave, lingerMs);
      });
      visitor.write(greeting);
    });
    server.once("error", reject);
    server.listen(socketPath);
  });
}

/** Held as long as this process lives; the system lets go of it however the process ends. */
function lockForThisProcess(path: string): boolean {
  const lock = new Sqlite(path, { create: true });
  try {
    lock.exec("begin exclusive");
    return true;
  } catch {
    return false;
  }
}

await keep(process.argv[2] as string);
process.exit(0);
