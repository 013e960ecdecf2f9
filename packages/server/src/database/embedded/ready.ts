/** Waits for the moment from which PostgreSQL takes connections. */
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { superuser } from "./cluster.ts";

/** Not yet there: no socket, nobody listening, starting up or recovering, all connections taken. */
const notYet = new Set(["ENOENT", "ECONNREFUSED", "ECONNRESET", "EPIPE", "57P03", "53300"]);

const pauseMs = 25;

/**
 * Settled with true at the first answer, with false when `gone` is settled before (the process has died) or `patienceMs` is over.
 * Without `patienceMs` it waits as long as the process lives, because a recovery may take minutes.
 * @throws the error of the connection when it will not go away by waiting
 */
export async function waitUntilReady(
  socketDirectory: string,
  gone: Promise<unknown>,
  patienceMs = Number.POSITIVE_INFINITY,
): Promise<boolean> {
  const startedAt = performance.now();
  let isGone = false;
  void gone.then(() => (isGone = true));
  while (!isGone && performance.now() - startedAt < patienceMs) {
    if (await answers(socketDirectory)) return true;
    await sleep(pauseMs);
  }
  return false;
}

async function answers(socketDirectory: string): Promise<boolean> {
  const client = new Client({ host: socketDirectory, user: superuser, database: "postgres", connectionTimeoutMillis: 5_000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query("select 1");
    return true;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (notYet.has(code ?? "") || /terminated|timeout/i.test(message)) return false;
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}
