/**
 * Gathers what was taken in and writes it in few transactions: one provider at a time has one commit under way, the next one
 * takes all that came meanwhile. Idle, a message is written at once; under load the groups grow by themselves.
 *
 * Crash only: a commit that fails forgets its devices; they connect again and send again what was not acknowledged.
 */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { ErrorCode } from "@hauswart/protocol/errors.ts";
import type { Services } from "../services.ts";
import { snapshot, type DeviceCommit } from "./commit.ts";
import { kindOfCommitError } from "./commit-error.ts";
import type { DeviceMemory } from "./device-memory.ts";
import type { IngestMetrics } from "./ingest-metrics.ts";
import { quarantineInstead } from "./quarantine.ts";
import type { TakenBatch } from "./taken-batch.ts";
import { OutdatedEpochs, writeCommit } from "./write-commit.ts";

/** Least time between the starts of two commits of a provider: enough to gather, too short to be felt. */
const commitEveryMs = 10;
/** Devices of one commit. More would only make everybody wait longer: the cost of a commit is long spread over this many. */
const mostDevices = 2_000;
/** Messages waiting to be written, by number and by size; beyond, agents are told to come back later. */
const mostPending = 20_000;
const mostPendingCharacters = 64_000_000;
/** Messages of one device among them. An agent waits with 16 under way; so no single one takes the room of the others. */
const mostPendingOfDevice = 32;
/** How often a commit is tried again that only was in another transaction's way. */
const attempts = 3;
/** From this many devices on, a commit in which every single one is refused says something about the database, not about messages. */
const suspiciousCrowd = 4;
/** How long a device's messages are committed one by one after one of several could not be stored. */
const aloneForMs = 3_600_000;

/** What the gateway does with the news. */
export interface CommitListener {
  /** Everything of this device up to `committedSequence` is stored; `isNews` when the state of a check has changed. */
  committed(device: DeviceMemory, isNews: boolean): void;
  /** The device's memory is void; its connection has to be closed with this code. */
  forgotten(device: DeviceMemory, code: ErrorCode): void;
}

type Needs = Pick<Services, "database" | "bus" | "clock" | "log">;

/** What of one provider waits, by device in the order of the first message of each. A device is always taken whole. */
interface Queue {
  readonly providerId: Id;
  readonly pending: Map<DeviceMemory, TakenBatch[]>;
  running: Promise<void> | undefined;
  lastStartMs: number;
}

export class GroupCommit {
  private readonly queues = new Map<Id, Queue>();
  private readonly aloneUntilMs = new Map<Id, number>();
  private pendingCount = 0;
  private pendingCharacters = 0;
  private readonly services: Needs;
  private readonly metrics: IngestMetrics;
  private readonly listener: CommitListener;

  constructor(services: Needs, metrics: IngestMetrics, listener: CommitListener) {
    this.services = services;
    this.metrics = metrics;
    this.listener = listener;
  }

  /** Messages taken in and not yet committed. */
  get waiting(): number {
    return this.pendingCount;
  }

  /** Whether no more of this device should be taken in just now. */
  isFullFor(device: DeviceMemory): boolean {
    if (this.pendingCount >= mostPending || this.pendingCharacters >= mostPendingCharacters) return true;
    const own = this.queues.get(device.identity.providerId)?.pending.get(device);
    return own !== undefined && own.length >= mostPendingOfDevice;
  }

  /** Whether this device's messages have to be taken in one at a time, each after the commit of the one before. */
  isAlone(deviceId: Id): boolean {
    const untilMs = this.aloneUntilMs.get(deviceId);
    if (untilMs === undefined) return false;
    if (untilMs > this.services.clock.now()) return true;
    this.aloneUntilMs.delete(deviceId);
    return false;
  }

  add(batch: TakenBatch): void {
    const { providerId } = batch.device.identity;
    const queue: Queue = this.queues.get(providerId) ?? { providerId, pending: new Map(), running: undefined, lastStartMs: 0 };
    this.queues.set(providerId, queue);
    const own = queue.pending.get(batch.device);
    if (own) own.push(batch);
    else queue.pending.set(batch.device, [batch]);
    this.pendingCount++;
    this.pendingCharacters += batch.text.length;
    queue.running ??= this.run(queue);
  }

  /** Waits until everything that was added is committed or given up. */
  async drained(): Promise<void> {
    while (this.queues.size > 0) await Promise.all([...this.queues.values()].flatMap(({ running }) => running ?? []));
  }

  private async run(queue: Queue): Promise<void> {
    while (queue.pending.size > 0) {
      const waitMs = queue.lastStartMs + commitEveryMs - performance.now();
      await new Promise((resolve) => (waitMs > 1 ? setTimeout(resolve, waitMs) : setImmediate(resolve)));
      queue.lastStartMs = performance.now();
      const taken = takeFirst(queue.pending, mostDevices);
      await this.commit(queue.providerId, snapshot(taken));
      for (const [, batches] of taken) {
        this.pendingCount -= batches.length;
        for (const { text } of batches) this.pendingCharacters -= text.length;
      }
    }
    this.queues.delete(queue.providerId);
  }

  /** Never throws: what goes wrong ends in forgotten devices. */
  private async commit(providerId: Id, commits: readonly DeviceCommit[]): Promise<void> {
    if (commits.length === 0) return;
    const startedAt = performance.now();
    try {
      const refused = await this.bisect(providerId, commits);
      if (refused.length > 0) await this.giveUpOrQuarantine(providerId, commits, refused);
    } catch (error) {
      this.services.log.error("a commit failed; its devices have to connect again", { providerId, devices: commits.length, error });
      for (const { device } of commits) this.forget(device, "SERVER_BUSY");
    }
    this.metrics.commitSeconds.observe((performance.now() - startedAt) / 1_000);
  }

  /**
   * Writes the commits; where PostgreSQL refuses their data, halves them until the bad ones stand alone.
   * @returns the bad ones. @throws when the database is away; what was written before is announced all the same.
   */
  private async bisect(providerId: Id, commits: readonly DeviceCommit[]): Promise<Refused[]> {
    try {
      this.announce(commits, await this.write(providerId, commits));
      return [];
    } catch (error) {
      if (kindOfCommitError(error) !== "data") throw error;
      if (commits.length === 1) return [{ commit: commits[0]!, error }];
    }
    const middle = Math.ceil(commits.length / 2);
    const first = await this.bisect(providerId, commits.slice(0, middle));
    return [...first, ...(await this.bisect(providerId, commits.slice(middle)))];
  }

  /** @returns the devices that were left out because another connection has taken them over. */
  private async write(providerId: Id, commits: readonly DeviceCommit[]): Promise<ReadonlySet<DeviceCommit>> {
    const outdated = new Set<DeviceCommit>();
    for (let attempt = 1; outdated.size < commits.length; attempt++) {
      const kept = outdated.size === 0 ? commits : commits.filter((commit) => !outdated.has(commit));
      try {
        await this.services.database.ingest({ providerId, customers: "*" }, (tx) => writeCommit(tx, this.services, providerId, kept));
        return outdated;
      } catch (error) {
        if (error instanceof OutdatedEpochs) for (const commit of error.commits) outdated.add(commit);
        else if (attempt >= attempts || kindOfCommitError(error) !== "transient") throw error;
      }
    }
    return outdated;
  }

  private announce(commits: readonly DeviceCommit[], outdated: ReadonlySet<DeviceCommit>): void {
    for (const commit of commits) {
      if (outdated.has(commit)) {
        this.forget(commit.device, "EPOCH_OUTDATED");
        continue;
      }
      const { streamId, sequence } = commit.batches.at(-1)!;
      // Of a stream that was left meanwhile nobody hears any more; its numbers say nothing about the new one.
      if (commit.device.streamId === streamId) commit.device.committedSequence = sequence;
      this.metrics.count(commit.batches);
      this.listener.committed(commit.device, commit.states.length > 0);
    }
  }

  private async giveUpOrQuarantine(providerId: Id, commits: readonly DeviceCommit[], refused: readonly Refused[]): Promise<void> {
    if (refused.length === commits.length && refused.length >= suspiciousCrowd)
      throw new Error("the database refuses the data of every device", { cause: refused[0]!.error });
    for (const { commit, error } of refused) await this.quarantine(providerId, commit, error);
  }

  /** Of several messages it is not known which one is bad: they come again, one by one. */
  private async quarantine(providerId: Id, { device, batches }: DeviceCommit, error: unknown): Promise<void> {
    const { deviceId } = device.identity;
    const message = error instanceof Error ? error.message : String(error);
    this.services.log.error("a message could not be stored", { providerId, deviceId, messages: batches.length, error });
    if (batches.length > 1) {
      this.aloneUntilMs.set(deviceId, this.services.clock.now() + aloneForMs);
    } else {
      await this.services.database.ingest({ providerId, customers: "*" }, (tx) =>
        quarantineInstead(tx, this.services, providerId, { batch: batches[0]!, error: message }),
      );
      this.metrics.quarantined.add();
    }
    // The memory has moved with a message that was not stored.
    this.forget(device, "SERVER_BUSY");
  }

  private forget(device: DeviceMemory, code: ErrorCode): void {
    if (device.isForgotten) return;
    device.isForgotten = true;
    this.listener.forgotten(device, code);
  }
}

function takeFirst<Key, Value>(map: Map<Key, Value>, most: number): [Key, Value][] {
  const taken: [Key, Value][] = [];
  for (const entry of map) {
    if (taken.length === most) break;
    taken.push(entry);
    map.delete(entry[0]);
  }
  return taken;
}

interface Refused {
  readonly commit: DeviceCommit;
  readonly error: unknown;
}
