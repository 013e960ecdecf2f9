/** Which devices this process speaks for, and through which link. At most one link a device. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { DeviceMemory } from "../ingest/device-memory.ts";
import { oneAtATime } from "../jobs/one-at-a-time.ts";
import type { AgentLink } from "./agent-link.ts";
import type { Desk } from "./desk.ts";
import type { Farewell } from "./farewells.ts";
import type { GatewayMetrics } from "./gateway-metrics.ts";
import { DeviceBudget } from "./device-budget.ts";
import { refuse, type RefusalCode } from "./refusals.ts";

export interface CareNeeds {
  readonly farewells: Desk<Farewell>;
  readonly metrics: GatewayMetrics;
  /** Whether the device's messages have to be committed one by one. */
  readonly isAlone: (deviceId: Id) => boolean;
  /** Unix milliseconds. */
  readonly now: () => number;
}

export class Care {
  /** Streams that diverged on this process, by device; the next hello of each is told to begin a new one. */
  readonly diverged = new Map<Id, Id>();
  private readonly links = new Map<Id, AgentLink>();
  /** Of every device that was here; who connects anew gets no new one. */
  private readonly budgets = new Map<Id, DeviceBudget>();
  /** Devices that are being looked up and loaded, with what is to be done when that is over. */
  private readonly arrivals = new Set<{ readonly deviceIds: ReadonlySet<Id>; readonly asked: (() => void)[] }>();
  /** What agents are told of one wish after the other. */
  readonly inTurn = oneAtATime();
  private readonly needs: CareNeeds;
  /** The server goes; nothing more is taken in. */
  isEnding = false;

  constructor(needs: CareNeeds) {
    this.needs = needs;
  }

  get size(): number {
    return this.links.size;
  }

  linkOf(deviceId: Id): AgentLink | undefined {
    return this.links.get(deviceId);
  }

  /** The devices that this process speaks for. */
  *devices(): Iterable<DeviceMemory> {
    for (const { device } of this.links.values()) if (device) yield device;
  }

  /** The link that carries this very memory; undefined when another has taken over. */
  linkWith(device: DeviceMemory): AgentLink | undefined {
    const link = this.links.get(device.identity.deviceId);
    return link?.device === device ? link : undefined;
  }

  /** Looks devices up, loads them and takes them into care: until then nobody finds them here, so what is asked meanwhile is asked again. */
  async whileArriving(deviceIds: readonly Id[], work: () => Promise<void>): Promise<void> {
    const arrival = { deviceIds: new Set(deviceIds), asked: [] as (() => void)[] };
    this.arrivals.add(arrival);
    try {
      await work();
    } finally {
      this.arrivals.delete(arrival);
      for (const act of arrival.asked) act();
    }
  }

  /** Does something with what is here of a device, and once more when it has come, if it is on its way. */
  alsoWithArriving(deviceId: Id, act: () => void): void {
    act();
    for (const { deviceIds, asked } of this.arrivals) if (deviceIds.has(deviceId)) asked.push(act);
  }

  /** Does something about those that are on their way, when they have come. */
  async onceArrived(act: (deviceIds: ReadonlySet<Id>) => Promise<void>): Promise<void> {
    const arrivals = [...this.arrivals].map(async ({ deviceIds, asked }) => {
      await new Promise<void>((resolve) => void asked.push(resolve));
      await act(deviceIds);
    });
    await Promise.all(arrivals);
  }

  /** From now on this link speaks for the device; the one before it is closed. */
  takeCare(link: AgentLink, device: DeviceMemory, runId: Id): void {
    const { deviceId } = device.identity;
    const older = this.links.get(deviceId);
    if (older?.device) older.device.isForgotten = true;
    this.links.set(deviceId, link);
    if (older) this.refuse(older, "EPOCH_OUTDATED");
    device.isAlone = this.needs.isAlone(deviceId);
    link.device = device;
    link.runId = runId;
    // What the server measures itself it may say.
    if (!link.ownKey) link.budget = this.budgetOf(deviceId);
    this.diverged.delete(deviceId);
    this.needs.metrics.takeOvers.add();
    if (link.state === "introduced") link.state = "current";
    // It went while it was being looked up.
    else this.ended(link);
  }

  private budgetOf(deviceId: Id): DeviceBudget {
    const budget = this.budgets.get(deviceId) ?? new DeviceBudget(performance.now());
    this.budgets.set(deviceId, budget);
    return budget;
  }

  /** @param removal see `Refused` of the wire messages */
  refuse(link: AgentLink, code: RefusalCode, detail?: string, removal?: string): void {
    if (link.state === "closed") return;
    this.needs.metrics.refused.add(1, { code });
    refuse(link, code, detail, removal);
  }

  /** A link's connection has ended. */
  ended(link: AgentLink): void {
    link.state = "closed";
    const { device } = link;
    if (!device || this.links.get(device.identity.deviceId) !== link) return;
    this.links.delete(device.identity.deviceId);
    // When the server itself goes, the row keeps naming this process: presence then knows whose fault the silence is.
    if (!this.isEnding) this.needs.farewells.add({ device, atMs: this.needs.now(), kind: "lost", reason: null });
  }

  /** The server goes: links that close from now on say nothing about their devices. */
  end(): void {
    this.isEnding = true;
  }
}
