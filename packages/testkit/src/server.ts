/**
 * A whole server in the test's own process, on a database of its own and a free port of loopback:
 *
 *   const server = await testServer({ checks });
 *   afterAll(() => server.close());
 *   const { items } = await server.api("listDevices");
 *
 * Runs what answers requests and agents. What runs by itself in a server (mail, sweeps, jobs) a test starts where it needs it.
 */
import { createClient, type Client } from "@hauswart/protocol/api/client.ts";
import { routes } from "@hauswart/protocol/api/routes.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { ensureFirstOwner } from "@hauswart/server/access/ensure-first-owner.ts";
import { systemClock } from "@hauswart/server/clock.ts";
import { agentGateway } from "@hauswart/server/gateway/agent-gateway.ts";
import { ensurePartitions } from "@hauswart/server/history/partitions.ts";
import { createHttpServer } from "@hauswart/server/http/create-http-server.ts";
import { verbs, type VerbTable } from "@hauswart/server/http/registry.ts";
import { beatProcess } from "@hauswart/server/presence/process-heartbeat.ts";
import type { Services } from "@hauswart/server/services.ts";
import { parseSettings, type Settings } from "@hauswart/server/settings.ts";
import { testDatabase, type TestDatabase } from "./database.ts";
import { testServices } from "./seed.ts";

export interface TestServerOptions {
  /** Instead of, for example, the computer's own clock, no checks and a silent log. */
  readonly services?: Partial<Omit<Services, "settings" | "database">>;
  /** Instead of the defaults: plain HTTP on a free port of 127.0.0.1, no mail server. */
  readonly settings?: Partial<Settings>;
  readonly verbs?: VerbTable;
  /** The test says when the process shows life, because it moves the clock by hand. */
  readonly beatsByHand?: boolean;
  /** Folder of a built console; none unless given. */
  readonly consoleDirectory?: string;
}

export interface TestServer extends AsyncDisposable {
  /** Scheme, host and port, without a slash at the end. */
  readonly url: string;
  readonly services: Services;
  readonly database: TestDatabase;
  readonly providerId: Id;
  readonly owner: { readonly email: string; readonly password: string };
  /** The owner's session token. */
  readonly token: string;
  /** Calls the API as the owner. */
  readonly api: Client;
  /** Calls the API with a token: of a session, or an API key; without one nobody is signed in. */
  apiWith(token: string | undefined): Client;
  /** Ends the server in an orderly way and drops the database. */
  close(): Promise<void>;
}

const owner = { email: "owner@hauswart.test", password: "correct horse battery staple" };

/** Starts a server; it takes requests and agents when this returns. */
export async function testServer(options: TestServerOptions = {}): Promise<TestServer> {
  const database = await testDatabase();
  const settings: { -readonly [Key in keyof Settings]: Settings[Key] } = {
    ...parseSettings({}),
    port: 0,
    admin: owner,
    ...options.settings,
  };
  const services = testServices(database, { clock: systemClock, ...options.services, settings });
  await ensurePartitions(services);
  const { providerId } = await ensureFirstOwner(services);
  const heartbeat = beatProcess(services, { repeats: options.beatsByHand !== true });
  await heartbeat.started;
  const gateway = agentGateway(services);
  const http = Bun.serve(
    await createHttpServer(services, {
      gateway,
      verbs: options.verbs ?? verbs,
      consoleDirectory: options.consoleDirectory ?? "/nonexistent",
    }),
  );
  const url = `${settings.tls.kind === "certificate" ? "https" : "http"}://127.0.0.1:${http.port}`;
  settings.url = options.settings?.url ?? url;
  const apiWith = (token: string | undefined) =>
    createClient({ base: url, fetch: fetchHere, table: routes, headers: token === undefined ? {} : { authorization: `Bearer ${token}` } });
  const { token } = await apiWith(undefined)("createSession", { body: owner });
  let closing: Promise<void> | undefined;
  const close = () =>
    (closing ??= (async () => {
      await gateway.close();
      await http.stop(true);
      await heartbeat.stop();
      await database.close();
    })());
  return { url, services, database, providerId, owner, token, api: apiWith(token), apiWith, close, [Symbol.asyncDispose]: close };
}

/** Certificates of tests are signed by themselves. */
const fetchHere = (url: string, init: RequestInit) => fetch(url, { ...init, tls: { rejectUnauthorized: false } });
