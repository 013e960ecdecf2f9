/**
 * Writes down that a device went, and how. The link row is the only source of presence, so this is tried until it succeeds;
 * a row that another connection has taken over since is left alone.
 */
import type { Id } from "@hauswart/protocol/ids.ts";
import { announce } from "../announce.ts";
import { int8Array, textArray, timestampArray, uuidArray } from "../database/binary-arrays.ts";
import type { DeviceMemory } from "../ingest/device-memory.ts";
import type { Services } from "../services.ts";
import { Desk } from "./desk.ts";

/** What the link row is to say. */
export interface Farewell {
  readonly device: DeviceMemory;
  readonly atMs: number;
  /**
   * - lost: the connection ended. - goodbye: the agent said why it goes; the connection may outlive that by a moment.
   * - awake: it said so, but goes on: a computer that was about to sleep and did not.
   */
  readonly kind: "lost" | "goodbye" | "awake";
  /** Of a goodbye. */
  readonly reason: string | null;
}

const mostPerRound = 1_000;
const retryAfterMs = 1_000;

export function farewellDesk(services: Services): Desk<Farewell> {
  return new Desk<Farewell>({
    most: mostPerRound,
    retryAfterMs,
    work: (farewells) => writeFarewells(services, farewells),
    failed: (farewells, error) => {
      services.log.warn("it could not be written down that devices went; it is tried again", { devices: farewells.length, error });
      return farewells;
    },
  });
}

async function writeFarewells(services: Services, farewells: readonly Farewell[]): Promise<void> {
  // The same device twice in one statement would leave the order of its rows to chance.
  const rounds: Map<Id, Farewell>[] = [];
  for (const farewell of withoutOvertaken(farewells)) {
    const { deviceId } = farewell.device.identity;
    const round = rounds.find((known) => !known.has(deviceId)) ?? rounds[rounds.push(new Map()) - 1]!;
    round.set(deviceId, farewell);
  }
  for (const round of rounds) {
    for (const [providerId, own] of Map.groupBy(round.values(), ({ device }) => device.identity.providerId))
      await writeOfProvider(services, providerId, own);
  }
}

/** Of what a device said one after the other, the last word counts; so nobody makes the others wait by saying much. */
function withoutOvertaken(farewells: readonly Farewell[]): Farewell[] {
  const last = new Map<DeviceMemory, Farewell>();
  for (const farewell of farewells) if (farewell.kind !== "lost") last.set(farewell.device, farewell);
  return farewells.filter((farewell) => farewell.kind === "lost" || last.get(farewell.device) === farewell);
}

async function writeOfProvider(services: Services, providerId: Id, farewells: readonly Farewell[]): Promise<void> {
  const sorted = [...farewells].sort((one, other) => (one.device.identity.deviceId < other.device.identity.deviceId ? -1 : 1));
  await services.database.transaction({ providerId, customers: "*" }, async (tx) => {
    await tx.sql(farewell, [
      providerId,
      uuidArray(sorted.map(({ device }) => device.identity.deviceId)),
      int8Array(sorted.map(({ device }) => device.epoch)),
      timestampArray(sorted.map(({ atMs }) => atMs)),
      textArray(sorted.map(({ kind }) => kind)),
      textArray(sorted.map(({ reason }) => reason)),
    ]);
    for (const { customerId, deviceId } of sorted.map(({ device }) => device.identity))
      announce(tx, { services, providerId }, { kind: "device", id: deviceId, customerId, change: "changed" });
  });
}

const farewell = `
  update hauswart.device_link l set
    disconnected_at = case when r.kind = 'lost' then r.at else l.disconnected_at end,
    last_seen_at = greatest(l.last_seen_at, r.at),
    goodbye = case r.kind when 'goodbye' then r.reason when 'awake' then null else l.goodbye end,
    goodbye_at = case r.kind when 'goodbye' then r.at when 'awake' then null else l.goodbye_at end
  from unnest($2::uuid[], $3::int8[], $4::timestamptz[], $5::text[], $6::text[]) as r(device_id, epoch, at, kind, reason)
  where l.provider_id = $1::uuid and l.device_id = r.device_id and l.epoch = r.epoch`;
