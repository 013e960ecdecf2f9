/** The database of a server under test, looked at from outside. */
import { embeddedConnections } from "@hauswart/server/database/connect.ts";
import type { Database } from "@hauswart/server/database/database.ts";
import { openDatabase } from "@hauswart/server/database/database-postgres.ts";
import { silentLogger } from "@hauswart/server/operation/log.ts";
import type { ServerUnderTest } from "./server-under-test.ts";

/** Opens the embedded database of a running server for as long as `work` takes. */
export async function withDatabase<Result>(
  { socketDirectory }: ServerUnderTest,
  work: (database: Database) => Promise<Result>,
): Promise<Result> {
  const database = openDatabase({
    connections: embeddedConnections(socketDirectory, "hauswart"),
    log: silentLogger,
    poolSizes: { owner: 2, app: 1, ingest: 1 },
  });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
