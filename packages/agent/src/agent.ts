/** The running agent: puts identity, buffer, schedule and link together. */
import { newId } from "@hauswart/protocol/new-id.ts";
import type { Configure } from "@hauswart/protocol/wire/messages.ts";
import { DiskBuffer } from "./buffer/disk-buffer.ts";
import { diskFiles } from "./buffer/files.ts";
import type { Clock } from "./clock.ts";
import type { Collector } from "./collector.ts";
import { serveStatus } from "./control/control-socket.ts";
import type { AgentStatus } from "./control/status.ts";
import { readKey, verifierOf } from "./identity/key.ts";
import { serverAddress } from "./identity/server-address.ts";
import { AgentLink, type GoodbyeReason, type LinkOptions, type LinkState } from "./link/link.ts";
import { packMessage } from "./link/pack-message.ts";
import { webSocketOpener } from "./link/web-socket.ts";
import type { Log } from "./log.ts";
import { isNeighbour, ownAddresses } from "./os/network/own-addresses.ts";
import type { System } from "./os/system.ts";
import { SleepWatch } from "./power/sleep-watch.ts";
import { chooseProxy, describeProxy, type ProxyEnvironment } from "./proxy/proxy-choice.ts";
import { proxiesFor } from "./proxy/proxies.ts";
import { Scheduler } from "./schedule/scheduler.ts";
import { SignedInWatch } from "./signed-in/signed-in-watch.ts";
import { readConfiguration, writeConfiguration } from "./state/configuration.ts";
import type { DataDirectory } from "./state/data-directory.ts";
import { bufferFolder, readEnrolment, type Enrolment } from "./state/enrolment.ts";
import { openKept } from "./state/kept.ts";
import { lockDirectory } from "./state/lock.ts";
import type { LoaderHost } from "./update/loader-host.ts";
import { openUpdater, type OpenUpdater } from "./update/open-updater.ts";
import type { Updater } from "./update/updater.ts";
import { agentVersion } from "./version.ts";

export interface AgentOptions {
  readonly data: DataDirectory;
  readonly system: System;
  readonly collectors: readonly Collector[];
  readonly log: Log;
  readonly clock: Clock;
  readonly environment: ProxyEnvironment;
  /** Called when the server tells this agent to remove itself. */
  readonly onRemoval?: () => void;
  /** Hears of the computer's sleep; what the system itself offers when left out. See `System.watchPower`. */
  readonly watchPower?: System["watchPower"];
  /** What loaded this application; without it the agent does not update itself. */
  readonly loader?: LoaderHost;
  /** Called when the agent has to begin anew, with another application. */
  readonly onRestart?: () => void;
  /** Called when a configured check needs native calls. Left out by an agent that can make them, or never will. */
  readonly onNativeCalls?: () => void;
}

export interface RunningAgent {
  status(): AgentStatus;
  /** Ends in an orderly way: what was measured is kept, the server is told why. */
  stop(reason: GoodbyeReason): Promise<void>;
}

/** The agent cannot run as things are. */
export class NotEnrolledError extends Error {
  override readonly name = "NotEnrolledError";
}

/** Starts. @throws NotEnrolledError, LockedError, StateFileError */
export async function startAgent(options: AgentOptions): Promise<RunningAgent> {
  const { data, system } = options;
  const enrolment = readEnrolment(data);
  if (!enrolment)
    throw new NotEnrolledError(`This computer is not enrolled (${data.path}). Run: hauswart-agent enrol --server URL --token TOKEN`);
  data.ensure();
  const unlock = lockDirectory(data, (processId) => system.identifyProcess(processId));
  try {
    return await start(options, enrolment, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

async function start(options: AgentOptions, enrolment: Enrolment, unlock: () => void): Promise<RunningAgent> {
  const { data, system, collectors, log, clock } = options;
  const { deviceId } = enrolment;
  const startedAt = clock.now();
  const limit = enrolment.bufferLimitMebibytes;
  const buffer = new DiskBuffer({
    files: diskFiles(data.file(bufferFolder(deviceId))),
    log,
    limitBytes: limit === undefined ? undefined : limit * 1024 * 1024,
  });
  const kept = openKept(data, log);
  let configuration = readConfiguration(data, deviceId, log) ?? { deviceId, revision: "", checks: [] };

  const scheduler = new Scheduler({
    collectors,
    system: system.name,
    os: system.os,
    deviceId,
    clock,
    localOffset: system.localOffset,
    log,
    kept,
    deliver(samples) {
      buffer.append(samples);
      kept.save();
      link.wake();
    },
  });
  const configure = ({ revision, checks }: Configure) => {
    if (revision === configuration.revision) return;
    configuration = { deviceId, revision, checks };
    writeConfiguration(data, configuration, log);
    log.info("configured", { checks: checks.length, revision });
    if (!asksForNativeCalls(options, checks)) scheduler.configure(checks);
  };
  const proxy = chooseProxy(serverAddress(enrolment.server).linkUrl, enrolment.proxy, options.environment);
  const identity = await linkIdentity(data, enrolment);
  const updater = updaterOf(options, { enrolment, proxy, sign: identity.sign, link: () => link });
  const sleep: SleepWatch = sleepWatch(options, () => link);
  const signedIn = signedInWatch(options, () => link);
  const link: AgentLink = new AgentLink({
    identity,
    ...linkConnection(enrolment, proxy),
    ...(updater ? { updates: updater } : {}),
    pack: packMessage,
    network: localNetwork(system),
    sleep,
    signedInAsked: (isAsked) => signedIn.asked(isAsked),
    buffer,
    clock,
    log,
    configure,
    runId: newId(),
    random: Math.random,
    describeComputer: async () => ({ ...(await system.describe()), agentVersion }),
    checks: Object.fromEntries(collectors.map(({ check, version }) => [check, version])),
    configurationRevision: () => configuration.revision,
    removeItself: () => options.onRemoval?.(),
    measureNow: (checks) => scheduler.measureNow(checks),
  });

  const status = (): AgentStatus => ({
    version: agentVersion,
    processId: process.pid,
    startedAt,
    server: enrolment.server,
    deviceId,
    enrolledAt: enrolment.enrolledAt,
    proxy: describeProxy(proxy),
    link: linkStatus(link.state),
    lastAcknowledgedAt: link.lastAcknowledgedMs ?? null,
    clockOffsetMs: link.clockOffsetMs ?? null,
    buffer: buffer.status(),
    configurationRevision: configuration.revision,
    ...(updater ? { update: updateStatus(updater) } : {}),
    checks: checkStatuses(scheduler),
  });
  const closeControl = serveStatus(data, status, log);
  log.info("agent started", { version: agentVersion, device: deviceId, server: enrolment.server, proxy: describeProxy(proxy) });
  if (!asksForNativeCalls(options, configuration.checks)) {
    scheduler.configure(configuration.checks);
    updater?.start();
    link.start();
    sleep.start();
  }
  return {
    status,
    async stop(reason) {
      scheduler.stop();
      updater?.stop();
      sleep.stop();
      signedIn.stop();
      await link.stop(reason);
      closeControl();
      buffer.close();
      unlock();
      log.info("agent stopped", { reason });
    },
  };
}

/** @param link asked for once the agent runs */
function sleepWatch({ clock, log, system, watchPower }: AgentOptions, link: () => AgentLink): SleepWatch {
  return new SleepWatch({
    clock,
    log,
    system: { asleepMs: system.asleepMs, watchPower: watchPower ?? system.watchPower },
    link: { doze: () => link().doze(), rouse: (sleptMs) => link().rouse(sleptMs) },
  });
}

/** @param link asked for once the agent runs */
function signedInWatch({ clock, log, system }: AgentOptions, link: () => AgentLink): SignedInWatch {
  return new SignedInWatch({ clock, log, load: system.loadSignedIn, tell: (said) => link().tellSignedIn(said) });
}

/** One look at a time: a server that asks for more gets no answer. */
function localNetwork({ gateways, lookFor }: System): NonNullable<LinkOptions["network"]> {
  // What the system does not tell keeps no agent from its server.
  const own = { addresses: ownAddresses, gateways: () => gateways().catch(() => []) };
  if (!lookFor) return own;
  let isLooking = false;
  return {
    ...own,
    async lookFor(addresses) {
      const address = addresses.find((one) => isNeighbour(one));
      if (isLooking || address === undefined) return { answers: null, resolves: null };
      isLooking = true;
      return lookFor(address)
        .catch(() => ({ answers: null, resolves: null }))
        .finally(() => (isLooking = false));
    },
  };
}

function checkStatuses(scheduler: Scheduler): AgentStatus["checks"] {
  return scheduler.instances.map(({ config, last, dueMs }) => ({
    check: config.check,
    instance: config.instance,
    everySeconds: config.everySeconds,
    dailyAtHour: config.dailyAtHour,
    lastAt: last?.at ?? null,
    lastOutcome: last?.outcome ?? null,
    tookMs: last?.tookMs ?? null,
    nextAt: dueMs,
  }));
}

/** Asks for a process that can do what is configured. @returns whether this one has to make room for it */
function asksForNativeCalls({ collectors, onNativeCalls }: AgentOptions, checks: Configure["checks"]): boolean {
  const calling = collectors.filter(({ callsNatively }) => callsNatively).map(({ check }) => check);
  if (!onNativeCalls || !checks.some(({ check }) => calling.includes(check))) return false;
  onNativeCalls();
  return true;
}

interface UpdaterNeeds extends Pick<OpenUpdater, "enrolment" | "proxy" | "sign"> {
  /** Asked for once the agent runs. */
  readonly link: () => AgentLink;
}

/** undefined for an agent that no loader has started: it does not update itself. */
function updaterOf(options: AgentOptions, { link, ...needs }: UpdaterNeeds): Updater | undefined {
  const { loader } = options;
  if (!loader) return undefined;
  return openUpdater({
    ...options,
    ...needs,
    host: loader,
    clockOffsetMs: () => link().clockOffsetMs ?? 0,
    report: (report) => link().reportUpdate(report),
    restart: () => options.onRestart?.(),
  });
}

async function linkIdentity(data: DataDirectory, { deviceId, keyFile, serverPublicKey }: Enrolment) {
  const pem = data.readText(keyFile);
  if (pem === undefined) throw new NotEnrolledError(`The key ${data.file(keyFile)} is missing. Enrol this computer anew.`);
  const key = await readKey(pem);
  return { deviceId, sign: key.sign, verifyServer: await verifierOf(serverPublicKey) };
}

function linkConnection({ server, certificates }: Enrolment, proxy: ReturnType<typeof chooseProxy>) {
  const url = serverAddress(server).linkUrl;
  return { openSocket: webSocketOpener({ url, certificates, proxies: proxiesFor(proxy, url) }) };
}

function updateStatus(updater: Updater): NonNullable<AgentStatus["update"]> {
  const { running, isTrial, last } = updater.hello();
  return { running, isTrial, ...(last ? { last } : {}) };
}

function linkStatus(state: LinkState): AgentStatus["link"] {
  if (state.kind === "stopped") return { state: "stopped" };
  if (state.kind === "waiting") return { state: "waiting", at: state.untilMs, reason: state.reason };
  return { state: state.kind, at: state.sinceMs };
}
