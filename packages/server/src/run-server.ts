/**
 * A whole server in one process, put together in the order in which its parts need each other and taken apart in reverse.
 *
 *     database ▸ identity ▸ first owner ▸ partitions ▸ heartbeat ▸ gateway ▸ HTTP ▸ mail, routing, deliveries, presence, jobs
 */
import { newId } from "@hauswart/protocol/ids.ts";
import { ensureFirstOwner, type FirstOwner } from "./access/ensure-first-owner.ts";
import { readRestored } from "./backup/restored-state.ts";
import { inProcessBus } from "./bus/in-process.ts";
import { startDeliveries } from "./channels/outbox/start-deliveries.ts";
import { systemClock } from "./clock.ts";
import { followDueTimes } from "./calendars/due-times.ts";
import { connectDatabase, type ConnectedDatabase } from "./database/connect.ts";
import { prepareFirstRecipient } from "./first-start.ts";
import { agentGateway } from "./gateway/agent-gateway.ts";
import { ensurePartitions } from "./history/partitions.ts";
import { readPair, watchCertificate, type CertificateWatch } from "./http/certificate-watch.ts";
import { createHttpServer } from "./http/create-http-server.ts";
import { freePort, listen, type Listening } from "./http/listen.ts";
import { verbs } from "./http/registry.ts";
import { startJobs } from "./jobs/start-jobs.ts";
import { loadIdentity } from "./identity.ts";
import { startMail } from "./mail/start-mail.ts";
import type { Logger } from "./operation/log.ts";
import { makeMetrics } from "./operation/metrics.ts";
import { startOutsideView, type OpenOutsideView } from "./outside/outside-view.ts";
import { refreshWhenChecksChanged } from "./policies/refresh-when-checks-changed.ts";
import { beatProcess } from "./presence/process-heartbeat.ts";
import { watchOverTime } from "./presence/watch-over-time.ts";
import { ensureOwnCertificate } from "./own-authority/own-authority.ts";
import { startRouting } from "./routing/start-routing.ts";
import type { CheckRegistry, Services } from "./services.ts";
import { loadSealedBox } from "./secrets/master-key.ts";
import { sealStoredSecrets } from "./webhooks/stored-secret.ts";
import type { Settings } from "./settings.ts";

export interface RunOptions {
  readonly settings: Settings;
  readonly checks: CheckRegistry;
  readonly log: Logger;
  /** Measures devices without an agent; without it they are unknown. */
  readonly openOutsideView?: OpenOutsideView;
  /** Told what is being done, in words for the person who waits. */
  readonly progress?: (step: string) => void;
}

export interface RunningServer {
  readonly services: Services;
  readonly connected: ConnectedDatabase;
  readonly firstOwner: FirstOwner;
  /** Address for programs on this computer. */
  readonly localUrl: string;
  /** Ends everything in order; what was taken in is stored first. */
  stop(): Promise<void>;
}

/** What has been started, to be stopped in reverse. */
class Started {
  readonly #stops: (() => Promise<void>)[] = [];
  readonly #log: Logger;
  constructor(log: Logger) {
    this.#log = log;
  }
  add(stop: () => Promise<void>): void {
    this.#stops.push(stop);
  }
  /** One part that cannot be stopped keeps no other from it. */
  async stop(): Promise<void> {
    for (const stop of this.#stops.splice(0).reverse()) {
      await stop().catch((error: unknown) => this.#log.error("a part of the server could not be stopped in order", { error }));
    }
  }
}

/** Starts a server. What was started is stopped again when a later part fails. */
export async function runServer(options: RunOptions): Promise<RunningServer> {
  const started = new Started(options.log);
  try {
    return await startAll(options, started);
  } catch (error) {
    await started.stop();
    throw error;
  }
}

async function startAll(
  { settings: given, checks, log, openOutsideView, progress = () => undefined }: RunOptions,
  started: Started,
): Promise<RunningServer> {
  const settings = given.port === 0 ? withPort(given, await freePort(given.host)) : given;
  const ownAuthority = await ensureOwnCertificate(settings, systemClock.now());
  const connected = await connectDatabase({ settings, log, progress });
  started.add(() => connected.close());
  const { database } = connected;
  const secrets = await loadSealedBox(settings, database);
  await sealStoredSecrets(database, secrets);
  const certificates: { watch?: CertificateWatch } = {};
  const services: Services = {
    processId: newId(),
    settings,
    database,
    bus: inProcessBus(log),
    clock: systemClock,
    log,
    metrics: makeMetrics(),
    checks,
    identity: await loadIdentity(database, secrets),
    secrets,
    ownAuthority,
    certificateProblem: () => certificates.watch?.problem(),
    restored: await database.unwalled("whether it was restored", readRestored),
  };
  const firstOwner = await ensureFirstOwner(services);
  await prepareFirstRecipient(services, firstOwner);
  await ensurePartitions(services);
  await refreshWhenChecksChanged(services);

  const heartbeat = beatProcess(services);
  started.add(() => heartbeat.stop());
  await heartbeat.started;
  progress("Opening the door");
  const gateway = agentGateway(services);
  started.add(() => gateway.close());
  const listening = listen(settings.host, await createHttpServer(services, { gateway, verbs }));
  started.add(() => listening.stop());
  certificates.watch = await watchOwnCertificate(services, listening);
  started.add(async () => certificates.watch?.stop());
  const mail = startMail(services);
  started.add(() => mail.stop());
  const routing = startRouting(services);
  started.add(() => routing.stop());
  const dueTimes = followDueTimes(services);
  started.add(() => dueTimes.stop());
  const deliveries = startDeliveries(services);
  started.add(() => deliveries.stop());
  const watch = watchOverTime(services);
  started.add(() => watch.stop());
  if (openOutsideView) {
    const outside = await startOutsideView(services, gateway, openOutsideView);
    started.add(() => outside.stop());
  }
  const jobs = await startJobs(services, connected.connections.owner);
  started.add(() => jobs.stop());
  return { services, connected, firstOwner, localUrl: localAddress(settings), stop: () => started.stop() };
}

/** Undefined where TLS does not end here. */
async function watchOwnCertificate({ settings, log, clock }: Services, listening: Listening): Promise<CertificateWatch | undefined> {
  if (settings.tls.kind !== "certificate") return undefined;
  const { certificatePath, keyPath } = settings.tls;
  const now = () => clock.now();
  const renew = () => ensureOwnCertificate(settings, now());
  const used = await readPair(certificatePath, keyPath);
  return watchCertificate({ certificatePath, keyPath, renew, log, now, take: (pair) => listening.renew(pair) }, used);
}

/** Plain HTTP on loopback is right for programs on this computer, unless this server itself ends TLS. */
function localAddress(settings: Settings): string {
  return settings.tls.kind === "certificate" ? settings.url : `http://127.0.0.1:${settings.port}`;
}

function withPort(settings: Settings, port: number): Settings {
  return { ...settings, port, url: settings.url.replace(/:0$/, `:${port}`) };
}
