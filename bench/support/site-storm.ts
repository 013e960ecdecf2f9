/**
 * What people are told when many sites lose their connection at once, and whether the past can be judged again.
 *
 * The computers of some sites reach the server by a line of their own, which is cut: no goodbye, no end of a connection, as when a
 * provider's network fails. All others stay, of other customers, or else it would be the server's own outage and no customer's.
 * Every mail that a real SMTP server takes from then on counts, until devices that are silent would have been told one by one.
 *
 * Then the line stands again and what waited comes late. Services fail and come back, and rules change twice while samples come
 * in; in the end everything that is stored is judged again with the settings of its time and compared with what was raised.
 */
import type { Client } from "@hauswart/protocol/api/client.ts";
import { presencePeriodMs } from "@hauswart/protocol/wire/versions.ts";
import { noise } from "@hauswart/simulator/random.ts";
import type { SimulatedAgent } from "@hauswart/simulator/simulated-agent.ts";
import { flapService } from "@hauswart/simulator/stories/story.ts";
import { startMailServer, type MailServer } from "@hauswart/testkit/mail-server.ts";
import { assignTwentyChecks, connectFleet, enrolFleet, signIn, twentyChecks, type EnrolledFleet } from "./bench-fleet.ts";
import { pause, rounded, type BenchmarkOptions } from "./benchmark.ts";
import { startRelay, type Relay } from "./relay.ts";
import { differencesOfReplay } from "./replay-differences.ts";
import { startServerUnderTest } from "./server-under-test.ts";

/** 500 devices of 20 sites of 2,000 of 80. Each site is its own customer's. */
const full = { sites: 80, lostSites: 20, devicesPerSite: 25, watchedMs: 7 * 60_000, rounds: 12 };
/** The fewest of whom most stay. What is silent for minutes is not waited for. */
const quickly = { sites: 12, lostSites: 4, devicesPerSite: 5, watchedMs: presencePeriodMs + 75_000, rounds: 4 };
const patienceMs = 240_000;
const roundEveryMs = 4_000;
/** Of so many computers one has a service that fails and comes back, one a load that swings, and two have nothing; those four are compared. */
const [oneOf, comparedOf] = [24, 4];
/** Of the service, and of the load. */
const [flapMinutes, swingMs] = [0.25, 8_000];

export interface StormFigures {
  readonly stormMails: number;
  /** From the cut to the first mail. */
  readonly stormFirstSeconds: number;
  /** Mails that told a person of a site that they had been told of. */
  readonly stormDoubled: number;
  /** Findings that a replay yields and nobody raised, or the other way round. */
  readonly replayDiffers: number;
}

/** @param prepare sets up rules before, as the owner */
export async function measureSiteStorm({ quick, say }: BenchmarkOptions, prepare: (api: Client) => Promise<void>): Promise<StormFigures> {
  const size = quick ? quickly : full;
  await using mailServer = await startMailServer();
  const server = await startServerUnderTest({ environment: { HAUSWART_SMTP_URL: mailServer.url } });
  const relay = await startRelay(server.url);
  try {
    const api = await signIn(server);
    const policy = await assignTwentyChecks(api);
    await prepare(api);
    say(`enrolling ${size.sites * size.devicesPerSite} devices of ${size.sites} sites`);
    const enrolled = await enrolFleet(api, server, size.sites * size.devicesPerSite, size.sites);
    const isLost = (index: number) => index % size.sites < size.lostSites;
    const lost = await connectFleet({ url: relay.address, certificate: server.certificate }, partOf(enrolled, isLost));
    const others = await connectFleet(
      server,
      partOf(enrolled, (index) => !isLost(index)),
    );
    const fleets = [lost, others];
    const untilCurrent = () => Promise.all(fleets.map((fleet) => fleet.until((agent) => agent.isCurrent, patienceMs)));
    await untilCurrent();
    await pause(quick ? 2_000 : 15_000);
    const storm = await cutLine(relay, mailServer, size.watchedMs, say);
    relay.mend();
    await untilCurrent();
    say("the line stands again; faults and changed rules follow");
    const compared = fleets.flatMap(({ agents }) => agents.filter(({ computer }) => computer.index % oneOf < comparedOf));
    await liveThroughChanges(api, policy, compared, size.rounds);
    for (const fleet of fleets) fleet.rest();
    await untilCurrent();
    const replayDiffers = await differencesOfReplay(server, compared, say);
    for (const fleet of fleets) await fleet.stop();
    return { ...storm, replayDiffers };
  } finally {
    await relay.close();
    await server.stop();
  }
}

function partOf({ computers, devices, siteIds }: EnrolledFleet, isIn: (index: number) => boolean): EnrolledFleet {
  return { computers: computers.filter((_, at) => isIn(at)), devices: devices.filter((_, at) => isIn(at)), siteIds };
}

async function cutLine(
  relay: Relay,
  mailServer: MailServer,
  watchedMs: number,
  say: (line: string) => void,
): Promise<Omit<StormFigures, "replayDiffers">> {
  const before = mailServer.mails.splice(0);
  if (before.length > 0) throw new Error(`Mails have come before anything happened: ${before[0]!.message.subject}`);
  say(`the line is cut; watching mails for ${Math.round(watchedMs / 1_000)} s`);
  const cutAtMs = Date.now();
  relay.cut();
  await pause(watchedMs);
  const mails = mailServer.mails.splice(0);
  if (mails.length === 0) throw new Error("Nobody was told.");
  const told = new Map<string, number>();
  for (const { recipients, message } of mails) {
    const customers = new Set(message.text?.match(/\bCustomer \d+\b/g));
    if (customers.size === 0) throw new Error(`A mail about something else than a customer's site has come: ${message.subject}`);
    for (const person of recipients)
      for (const customer of customers) told.set(`${person} ${customer}`, (told.get(`${person} ${customer}`) ?? 0) + 1);
  }
  const firstMs = Math.min(...mails.map(({ receivedAt }) => receivedAt)) - cutAtMs;
  const lastMs = Math.max(...mails.map(({ receivedAt }) => receivedAt)) - cutAtMs;
  say(`${mails.length} mails, from ${Math.round(firstMs / 1_000)} s to ${Math.round(lastMs / 1_000)} s after the cut`);
  return {
    stormMails: mails.length,
    stormFirstSeconds: rounded(firstMs / 1_000),
    stormDoubled: [...told.values()].reduce((sum, times) => sum + times - 1, 0),
  };
}

/** Rounds in which these agents measure everything at once; between them the house changes its mind. */
async function liveThroughChanges(
  api: Client,
  policy: Awaited<ReturnType<typeof assignTwentyChecks>>,
  agents: readonly SimulatedAgent[],
  rounds: number,
): Promise<void> {
  for (const { computer } of agents) {
    if (computer.index % oneOf === 0) flapService(computer, 0, flapMinutes, Date.now());
    if (computer.index % oneOf === 1) computer.processorPercent = (atMs) => 40 + 55 * noise(computer.seed, Math.floor(atMs / swingMs));
  }
  let { revision } = policy;
  const wish = async (load: object, services: object) => {
    const checks = twentyChecks().map((check) =>
      check.check === "cpu-load" ? { ...check, ...load } : check.check === "services" ? { ...check, ...services } : check,
    );
    ({ revision } = await api("changePolicy", { params: { policyId: policy.policyId }, body: { revision, checks } }));
  };
  for (let round = 0; round < rounds; round++) {
    if (round === Math.floor(rounds / 4)) await wish({ settings: { warningAbovePercent: 60 }, failuresBeforeFinding: 1 }, {});
    if (round === Math.floor(rounds / 2))
      await wish(
        { settings: { warningAbovePercent: 75 }, goodSamples: 2, recoverAt: { warningAbovePercent: 65 } },
        { flapping: { openings: 2, withinMinutes: 60, calmMinutes: 30 } },
      );
    for (const agent of agents) agent.measure(Date.now());
    await pause(roundEveryMs);
  }
}
