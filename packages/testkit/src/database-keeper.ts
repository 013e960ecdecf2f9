/**
 * The PostgreSQL of the tests, one for all test processes of a checkout. It runs as a process of its own, because test
 * processes come and go and may be killed: each holds a connection to this one, and a few seconds after the last has gone
 * the keeper stops PostgreSQL, deletes its files and ends.
 *
 * Durability is off: no test of the platform asks what survives a power cut of this database; those that kill PostgreSQL
 * start their own.
 */
import { Database as Sqlite } from "bun:sqlite";
import { existsSync, mkdirSync, rmSync, statfsSync } from "node:fs";
import { createServer } from "node:net";
import type { Socket } from "node:net";
import { basename, join } from "node:path";
import type { EmbeddedPostgres } from "@hauswart/server/database/embedded/supervisor.ts";
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

/** A file system in memory: a copy of the template takes 13 ms there, against 300 ms on a disk. */
const memory = "/dev/shm";
const leastMemoryBytes = 2 * 1024 ** 3;

async function keep(folder: string): Promise<void> {
  const lock = lockForThisProcess(join(folder, "keeper.lock"));
  if (!lock) return;
  const socketPath = join(folder, "keeper.socket");
  rmSync(socketPath, { force: true });
  const { postgres, dataDirectory } = await start(folder);
  await serve(socketPath, `${postgres.socketDirectory}\n`);
  await postgres.stop();
  rmSync(postgres.socketDirectory, { recursive: true, force: true });
  rmSync(dataDirectory, { recursive: true, force: true });
  // Named to the end: what nobody names any more is collected and closed, and another keeper would take this one's data away.
  lock.close();
}

/** Starts it in memory, or on disk where that does not work: programs may not run from there in a container. */
async function start(folder: string): Promise<{ postgres: EmbeddedPostgres; dataDirectory: string }> {
  const log = makeLogger({ format: "lines" });
  const inMemory = join(memory, basename(folder));
  if (hasMemory()) {
    try {
      // PostgreSQL's account has to read its way here, or the cluster would be put elsewhere on the disk.
      mkdirSync(inMemory, { recursive: true, mode: 0o755 });
      return { postgres: await startEmbeddedPostgres({ dataDirectory: inMemory, log, settings }), dataDirectory: inMemory };
    } catch (error) {
      log.warn("PostgreSQL does not start in memory; trying on disk", { error });
      rmSync(inMemory, { recursive: true, force: true });
    }
  }
  const dataDirectory = join(folder, "data");
  return { postgres: await startEmbeddedPostgres({ dataDirectory, log, settings }), dataDirectory };
}

function hasMemory(): boolean {
  if (!existsSync(memory)) return false;
  const { bavail, bsize } = statfsSync(memory);
  return bavail * bsize >= leastMemoryBytes;
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

/** Held until it is closed; the system lets go of it however the process ends. @returns undefined: another process holds it. */
function lockForThisProcess(path: string): Sqlite | undefined {
  const lock = new Sqlite(path, { create: true });
  try {
    lock.run("begin exclusive");
    return lock;
  } catch {
    return undefined;
  }
}

await keep(process.argv[2] as string);
process.exit(0);
