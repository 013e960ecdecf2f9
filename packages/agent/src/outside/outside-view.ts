/**
 * Devices without an agent, measured from where this process runs: each with the agent's own link, schedule and collectors, and a
 * buffer that lasts as long as the process. What they say travels and is judged as if an agent had said it.
 */
import type { SystemName } from "@hauswart/protocol/check.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { newId } from "@hauswart/protocol/new-id.ts";
import type { Computer } from "@hauswart/protocol/wire/messages.ts";
import { MemoryBuffer } from "../buffer/memory-buffer.ts";
import type { Clock } from "../clock.ts";
import type { Collector } from "../collector.ts";
import { runtimeOffset } from "../os/local-offset.ts";
import { makeKey, verifierOf } from "../identity/key.ts";
import { AgentLink } from "../link/link.ts";
import type { OpenSocket } from "../link/socket.ts";
import type { Log } from "../log.ts";
import { Scheduler } from "../schedule/scheduler.ts";
import { openKept } from "../state/kept.ts";
import { outsideOs } from "./outside-os.ts";

export interface OutsideOptions {
  /** Collectors of checks that can be measured from anywhere. */
  readonly collectors: readonly Collector[];
  readonly clock: Clock;
  readonly log: Log;
  /** Raw Ed25519 key of the server, base64. */
  readonly serverPublicKey: string;
  /** Version of the program that measures. */
  readonly version: string;
  /** Whether this address may be connected to; see WebsiteQuestion. */
  readonly mayConnectTo: (address: string) => boolean;
  /** Opens a connection to the server for a device that proves itself by this key (raw, base64). */
  readonly openSocket: (publicKey: string) => OpenSocket;
}

export interface OutsideView {
  /** From now on exactly these devices are measured; those that were before go on undisturbed. */
  watch(deviceIds: readonly Id[]): void;
  /** Ends all of it; what was measured is sent first. */
  stop(): Promise<void>;
}

/** What is not sent yet of a device: a day's measurements at the usual cycle. */
const batchesPerDevice = 300;

interface Watched {
  stop(): Promise<void>;
}

/** @returns a view of nothing, until it is told what to watch. */
export async function openOutsideView(options: OutsideOptions): Promise<OutsideView> {
  const { key } = await makeKey();
  const verifyServer = await verifierOf(options.serverPublicKey);
  const os = outsideOs(options.mayConnectTo);
  const surroundings = {
    ...options,
    os,
    sign: key.sign,
    verifyServer,
    open: options.openSocket(key.publicKey),
    startedAt: options.clock.now(),
  };
  const watched = new Map<Id, Watched>();
  return {
    watch(deviceIds) {
      const wanted = new Set(deviceIds);
      for (const [deviceId, device] of watched) {
        if (wanted.has(deviceId)) continue;
        watched.delete(deviceId);
        void device.stop();
      }
      for (const deviceId of wanted) if (!watched.has(deviceId)) watched.set(deviceId, watchDevice(deviceId, surroundings));
    },
    async stop() {
      await Promise.all([...watched.values()].map((device) => device.stop()));
      watched.clear();
    },
  };
}

interface Surroundings extends OutsideOptions {
  readonly os: ReturnType<typeof outsideOs>;
  readonly sign: (message: Uint8Array) => Promise<string>;
  readonly verifyServer: (message: Uint8Array, signature: string) => Promise<boolean>;
  readonly open: OpenSocket;
  readonly startedAt: number;
}

function watchDevice(deviceId: Id, { collectors, clock, log, os, sign, verifyServer, open, startedAt, version }: Surroundings): Watched {
  const buffer = new MemoryBuffer(batchesPerDevice);
  let revision = "";
  const scheduler = new Scheduler({
    collectors,
    system: process.platform as SystemName,
    os,
    deviceId,
    clock,
    localOffset: runtimeOffset,
    log,
    kept: openKept({ readJson: () => undefined, writeText: () => undefined }, log),
    deliver(samples) {
      buffer.append(samples);
      link.wake();
    },
  });
  const link: AgentLink = new AgentLink({
    identity: { deviceId, sign, verifyServer },
    runId: newId(),
    buffer,
    openSocket: open,
    clock,
    log,
    random: Math.random,
    describeComputer: () => Promise.resolve(describe(deviceId, version, startedAt)),
    checks: Object.fromEntries(collectors.map(({ check, version: sample }) => [check, sample])),
    configurationRevision: () => revision,
    configure(configuration) {
      revision = configuration.revision;
      scheduler.configure(configuration.checks);
    },
    removeItself: () => undefined,
    measureNow: (checks) => scheduler.measureNow(checks),
  });
  link.start();
  return {
    async stop() {
      scheduler.stop();
      await link.stop("agent-stop");
    },
  };
}

/** There is no computer: what is told of it is who measures. The fingerprint is the device's own, so that nobody is taken for its clone. */
function describe(deviceId: Id, version: string, startedAt: number): Computer {
  return {
    hostname: "hauswart",
    system: process.platform as SystemName,
    systemName: "",
    systemVersion: "",
    architecture: "",
    fingerprint: `outside-${deviceId}`,
    bootedAt: startedAt,
    agentVersion: version,
  };
}
