/** Who is signed in at the devices of this process: what agents say of it is written down, many at a time; who is to say it is told so. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { SignedIn } from "@hauswart/protocol/wire/messages.ts";
import { announce } from "../announce.ts";
import { whoIsAsked, writeSignedIn } from "../devices/signed-in.ts";
import type { DeviceMemory } from "../ingest/device-memory.ts";
import type { Services } from "../services.ts";
import type { Care } from "./care.ts";
import { openConfigurations } from "./configured-secrets.ts";
import { Desk } from "./desk.ts";

/** What a device said, and when it came. */
export interface Saying {
  readonly device: DeviceMemory;
  readonly message: SignedIn;
  readonly atMs: number;
}

const mostPerRound = 500;
const retryAfterMs = 1_000;

export function signedInDesk(services: Services, care: Care): Desk<Saying> {
  return new Desk<Saying>({
    most: mostPerRound,
    retryAfterMs,
    work: (sayings) => writeDown(services, care, sayings),
    failed: (sayings, error) => {
      services.log.warn("who is signed in could not be stored; it is tried again", { devices: sayings.length, error });
      return sayings;
    },
  });
}

async function writeDown(services: Services, care: Care, sayings: readonly Saying[]): Promise<void> {
  // Of what a device said one after the other, the last word counts.
  const last = new Map(sayings.map((saying) => [saying.device, saying]));
  const present = [...last.values()].filter(({ device }) => !device.isForgotten);
  for (const [providerId, own] of Map.groupBy(present, ({ device }) => device.identity.providerId)) {
    const unasked = await services.database.transaction({ providerId, customers: "*" }, async (tx) => {
      for (const { customerId, deviceId } of own.map(({ device }) => device.identity))
        announce(tx, { services, providerId }, { kind: "device", id: deviceId, customerId, change: "changed" });
      return new Set(await writeSignedIn(tx, providerId, own.map(toldBy)));
    });
    // It was asked while somebody took the wish back.
    if (unasked.size > 0) await ask(services, care, providerId, ({ deviceId }) => unasked.has(deviceId));
  }
}

/** Moments of the agent's clock become ours. */
function toldBy({ device, message, atMs }: Saying) {
  const offsetMs = Math.round(device.clockOffsetMs ?? 0);
  const people = message.people?.map((person) => ({
    ...person,
    since: person.since === null ? null : Math.min(Math.max(person.since - offsetMs, 0), atMs),
  }));
  return { deviceId: device.identity.deviceId, epoch: device.epoch, atMs, people: people ?? null, others: message.others };
}

/**
 * Tells connected agents of a provider whether they are to say who is signed in: one telling after the other, so that each agent hears
 * the newest wish last. @param isMeant which of them
 */
export function ask(
  services: Services,
  care: Care,
  providerId: Id,
  isMeant: (identity: DeviceMemory["identity"]) => boolean,
): Promise<void> {
  return care.inTurn(() => tell(services, care, providerId, isMeant));
}

async function tell(
  services: Services,
  care: Care,
  providerId: Id,
  isMeant: (identity: DeviceMemory["identity"]) => boolean,
): Promise<void> {
  const devices = [...care.devices()].filter(({ identity }) => identity.providerId === providerId && isMeant(identity));
  const isAsked = await whoIsAsked(services, providerId);
  const configurations = await openConfigurations(
    services,
    providerId,
    devices.map(({ layout }) => layout),
  );
  // To an agent that runs by this configuration already, nothing else in it is new.
  for (const device of devices)
    care.linkWith(device)?.send({ ...configurations(device.layout), signedIn: isAsked(device.identity.customerId) });
}
