/** Answers hellos: recognises the devices, tells clones apart, takes over, welcomes. Many at a time. */
import type { Id } from "@hauswart/protocol/ids.ts";
import { packedForm, protocolVersion } from "@hauswart/protocol/wire/versions.ts";
import { manifestFormat } from "@hauswart/protocol/release/manifest.ts";
import { removalOrder, serverProof } from "@hauswart/protocol/wire/proofs.ts";
import { holdCalendars } from "../calendars/calendars-of.ts";
import { whoIsAsked } from "../devices/signed-in.ts";
import { isConflict } from "../database/errors.ts";
import type { CheckLayouts } from "../ingest/check-layout.ts";
import type { Services } from "../services.ts";
import { noteHellos } from "../updates/note-standing.ts";
import { isClone, quarantineClones } from "./clones.ts";
import { Desk } from "./desk.ts";
import type { Care } from "./care.ts";
import { openConfigurations, type Configurations } from "./configured-secrets.ts";
import { knownDevices, reasonToRefuse, type Introduction, type KnownDevice } from "./recognise-devices.ts";
import { takeOver, type TakenOver } from "./take-over.ts";
import { updateComputers, type Introduced } from "./update-computers.ts";

/** Devices of one round: some 50 µs of verifying each, so a round never stops the other connections for long. */
const mostPerRound = 200;

type Waiting = Introduction & Introduced;

export function welcomeDesk(services: Services, layouts: CheckLayouts, care: Care): Desk<Introduction> {
  return new Desk<Introduction>({
    most: mostPerRound,
    work: (introductions) => {
      const deviceIds = introductions.map(({ hello }) => hello.deviceId);
      return care.whileArriving(deviceIds, () => answer(services, layouts, care, introductions));
    },
    failed: (introductions, error) => {
      services.log.error("devices that said hello could not be taken over", { devices: introductions.length, error });
      for (const { link } of introductions) care.refuse(link, "SERVER_BUSY");
      return [];
    },
  });
}

async function answer(services: Services, layouts: CheckLayouts, care: Care, introductions: readonly Introduction[]): Promise<void> {
  const known = await knownDevices(
    services.database,
    introductions.map(({ hello }) => hello.deviceId),
  );
  const admitted: Waiting[] = [];
  for (const introduction of introductions) {
    const device = known.get(introduction.hello.deviceId);
    const reason = reasonToRefuse(device, introduction);
    if (reason)
      care.refuse(
        introduction.link,
        reason,
        undefined,
        reason === "DEVICE_REVOKED" ? removalOf(services, device, introduction) : undefined,
      );
    else admitted.push({ ...introduction, device: device! });
  }
  const certain: Waiting[] = [];
  for (const each of onePerDevice(care, admitted)) {
    const older = care.linkOf(each.hello.deviceId);
    if (older?.state === "current" && older.runId !== each.hello.runId)
      void care.whileArriving([each.hello.deviceId], () => answerSuspect(services, layouts, care, each));
    else certain.push(each);
  }
  await welcomeAll(services, layouts, care, certain);
}

/** Tells the agent of a device that was removed to remove itself: signed, because whoever could forge it would take watchers away. */
function removalOf({ identity }: Services, device: KnownDevice | undefined, { hello, nonce }: Introduction): string | undefined {
  if (!device?.remove_agent) return undefined;
  return identity.sign(removalOrder(hello.nonce, nonce, hello.deviceId));
}

/** Of two hellos of one device in the same round the later one counts; the other agent tries again and is compared then. */
function onePerDevice(care: Care, waiting: readonly Waiting[]): Waiting[] {
  const newest = new Map(waiting.map((each) => [each.hello.deviceId, each]));
  for (const each of waiting) if (newest.get(each.hello.deviceId) !== each) care.refuse(each.link, "EPOCH_OUTDATED");
  return [...newest.values()];
}

/** Waiting for a pong takes seconds; the others of the round do not wait with it. */
async function answerSuspect(services: Services, layouts: CheckLayouts, care: Care, waiting: Waiting): Promise<void> {
  const { link, hello } = waiting;
  const older = care.linkOf(hello.deviceId);
  try {
    if (!(await isClone(older, waiting))) return await welcomeAll(services, layouts, care, [waiting]);
    await quarantineClones(services, waiting, [...new Set([older!.address, link.address])]);
    care.refuse(older!, "DEVICE_QUARANTINED");
    care.refuse(link, "DEVICE_QUARANTINED");
  } catch (error) {
    services.log.error("a device that said hello could not be taken over", { deviceId: hello.deviceId, error });
    care.refuse(link, "SERVER_BUSY");
  }
}

async function welcomeAll(services: Services, layouts: CheckLayouts, care: Care, waiting: readonly Waiting[]): Promise<void> {
  const present = waiting.filter(({ link }) => link.state === "introduced");
  for (const [providerId, own] of Map.groupBy(present, ({ device }) => device.provider_id)) {
    await holdCalendars(services, providerId);
    await updateComputers(services, providerId, own);
    await noteHellos(services, providerId, own);
    const taken = await twice(() => takeOver(services, layouts, providerId, own, care.diverged));
    const configurations = await openConfigurations(
      services,
      providerId,
      taken.map(({ device }) => device.layout),
    );
    const isAsked = await whoIsAsked(services, providerId);
    const byId = new Map(taken.map((each) => [each.device.identity.deviceId, each]));
    for (const each of own) {
      const over = byId.get(each.hello.deviceId);
      if (over) welcome(services, care, each, over, { configurations, isAsked });
      else care.refuse(each.link, "DEVICE_UNKNOWN");
    }
  }
}

function welcome(
  services: Services,
  care: Care,
  { link, hello, nonce }: Waiting,
  { device, lastSequence, startNewStream }: TakenOver,
  { configurations, isAsked }: { readonly configurations: Configurations; readonly isAsked: (customerId: Id) => boolean },
): void {
  care.takeCare(link, device, hello.runId);
  link.send({
    type: "welcome",
    version: Math.min(hello.version, protocolVersion),
    signature: services.identity.sign(serverProof(hello.nonce, nonce, hello.deviceId)),
    epoch: device.epoch,
    lastSequence,
    startNewStream,
    serverTime: services.clock.now(),
    updates: manifestFormat,
    packed: packedForm,
    signedIn: isAsked(device.identity.customerId),
  });
  if (device.layout.configure().revision !== hello.configurationRevision) link.send(configurations(device.layout));
}

/** A commit of the connections before may lock the same link rows in another order; PostgreSQL then ends one of the two. */
async function twice<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!isConflict(error)) throw error;
    return work();
  }
}
