/**
 * A house that lives through a story: the real server on a real database, real agents' links of simulated computers, a real mail
 * server, and one clock that is moved by hand. At each step everything runs that would run by then, in its order: agents measure,
 * the server takes in and judges, what happens over time happens, messages are composed and sent.
 */
import simulatedChecks from "@hauswart/features/registry/simulator.ts";
import judgedChecks from "@hauswart/features/registry/server.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { manualClock, type ManualClock } from "@hauswart/server/clock.ts";
import { writeDailyMails } from "@hauswart/server/daily-mail/write-daily-mails.ts";
import { ensurePartitions } from "@hauswart/server/history/partitions.ts";
import { composeMails } from "@hauswart/server/mail/compose/compose-mails.ts";
import { startSender } from "@hauswart/server/mail/outbox/sender.ts";
import { smtpTransport } from "@hauswart/server/mail/outbox/smtp.ts";
import { watchesOverTime } from "@hauswart/server/presence/watch-over-time.ts";
import { runDueDigests, runDueEscalations } from "@hauswart/server/routing/start-routing.ts";
import { isoTime } from "@hauswart/server/times.ts";
import { simulateComputer, type SimulatedComputer } from "@hauswart/simulator/computer.ts";
import { enrolComputers } from "@hauswart/simulator/enrol.ts";
import { Fleet } from "@hauswart/simulator/fleet.ts";
import { manualAgentClock, type ManualAgentClock } from "@hauswart/simulator/manual-clock.ts";
import { startMailServer, type MailServer, type ReceivedMail } from "@hauswart/testkit/mail-server.ts";
import { testServer, type TestServer } from "@hauswart/testkit/server.ts";
import { furnish, timeZone, type Furnished } from "./people.ts";

/** A mail as it reached the mail server. */
export interface StoryMail {
  /** By the story's clock, Unix milliseconds. */
  readonly atMs: number;
  readonly mail: ReceivedMail;
}

const consoleUrl = "https://hauswart.systemhaus.example";
/** Computers of the two offices: three workstations and a server each. */
const offices = { first: [2, 3, 4, 5], second: [8, 9, 10, 11] } as const;
/** What depends on the computer that runs the test, or has nothing to do with alarms. */
const leftOut = new Set(["server-itself", "erasures"]);
const patienceMs = 30_000;
/** What a story may take where others load the computer. */
export const storyMs = 300_000;

/** The moment of a local time in the house's time zone, Unix milliseconds. @param text 2027-03-25T18:00 */
export const localMs = (text: string): number => Temporal.PlainDateTime.from(text).toZonedDateTime(timeZone).epochMilliseconds;

/** Times of day at which something is due in this house: the end of quiet hours, the daily mails, the rounds. */
const marks = ["06:00", "07:30", "09:00"].map((text) => Temporal.PlainTime.from(text));

function nextMarkMs(nowMs: number): number {
  const today = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone).toPlainDate();
  const all = [today, today.add({ days: 1 })].flatMap((day) =>
    marks.map((plainTime) => day.toZonedDateTime({ timeZone, plainTime }).epochMilliseconds),
  );
  return Math.min(...all.filter((atMs) => atMs > nowMs));
}

export interface StoryOptions {
  /** Local time at which the house stands ready. */
  readonly opensAt: string;
  /** What happens to the computers of the first office, then those of the second. */
  readonly tell: (computers: readonly SimulatedComputer[]) => void;
}

export class StoryHouse {
  readonly server: TestServer;
  readonly places: Furnished;
  readonly mails: StoryMail[] = [];
  readonly #clock: ManualClock;
  readonly #agentClock: ManualAgentClock;
  readonly #mailServer: MailServer;
  readonly #fleet: Fleet;
  /** The bus has said that there is something to compose, or a gathering has ended. */
  #composesAtMs = Number.POSITIVE_INFINITY;
  /** Devices that the server has just asked to measure, with what they had measured before. */
  readonly #asked = new Map<Id, number>();

  private constructor(
    server: TestServer,
    mailServer: MailServer,
    places: Furnished,
    fleet: Fleet,
    clocks: readonly [ManualClock, ManualAgentClock],
  ) {
    this.server = server;
    this.places = places;
    this.#mailServer = mailServer;
    this.#fleet = fleet;
    [this.#clock, this.#agentClock] = clocks;
    server.services.bus.subscribe("finding-notices", () => void (this.#composesAtMs = 0));
    server.services.bus.subscribe("device-measure", ({ deviceId }) => void this.#asked.set(deviceId, this.#measuredBy(deviceId)));
  }

  static async open({ opensAt, tell }: StoryOptions): Promise<StoryHouse> {
    const startMs = localMs(opensAt);
    const clock = manualClock(startMs);
    const mailServer = await startMailServer();
    const server = await testServer({
      services: { clock, checks: new Map(judgedChecks.map((one) => [one.definition.id, one])) },
      settings: { smtpUrl: mailServer.url, url: consoleUrl },
      beatsByHand: true,
    });
    const places = await furnish(server);
    const computers = [...offices.first, ...offices.second].map((index) => simulateComputer(index, 1, startMs));
    tell(computers);
    const devices = await enrolComputers({ url: server.url }, computers, await tokensOf(server, places), startMs);
    const agentClock = manualAgentClock(startMs);
    const fleet = await Fleet.create({
      server: { url: server.url },
      computers,
      devices,
      checks: simulatedChecks,
      clock: agentClock,
      random: () => 0,
    });
    const house = new StoryHouse(server, mailServer, places, fleet, [clock, agentClock]);
    await house.#step(startMs);
    await house.#until("every agent is configured", () =>
      fleet.agents.every((agent) => agent.isConfigured || !isOn(agent.computer, startMs)),
    );
    return house;
  }

  /** Lives on until a local time. @param everySeconds how far apart the steps are at most */
  async liveUntil(local: string, everySeconds = 300): Promise<void> {
    const endMs = localMs(local);
    while (this.#clock.now() < endMs) {
      // On full steps of the clock: what has its hour, such as the daily report, comes at that hour.
      const stepMs = everySeconds * 1_000;
      const nextMs = (Math.floor(this.#clock.now() / stepMs) + 1) * stepMs;
      // A gathering ends when it ends, however far apart the steps are.
      const gatheredMs = Math.max(this.#composesAtMs, this.#clock.now() + 1_000);
      await this.#step(Math.min(endMs, nextMs, gatheredMs, nextMarkMs(this.#clock.now())));
    }
  }

  /** Somebody on call opens the newest mail to them and confirms what it is about, by its link. */
  async acknowledgeByMail(address: string): Promise<void> {
    const newest = this.mails.findLast(({ mail }) => mail.recipients.includes(address));
    const token = /#token=([\w-]+)/.exec(newest?.mail.message.text ?? "")?.[1];
    if (token === undefined) throw new Error(`There is no mail to ${address} with a link.`);
    await this.server.apiWith(undefined)("acknowledgeByLink", { body: { token } });
  }

  async close(): Promise<void> {
    await this.#fleet.stop();
    await this.server.close();
    await this.#mailServer.stop();
  }

  async #step(nowMs: number): Promise<void> {
    const { services } = this.server;
    // The process has lived through the time since the last step; nobody is to take the jump for a downtime.
    await services.database.unwalled("a story's heartbeat", (tx) =>
      tx.sql("update hauswart.server_process set alive_at = $2 where process_id = $1", [services.processId, isoTime(nowMs)]),
    );
    const dayBefore = this.#clock.now();
    this.#clock.set(nowMs);
    if (Math.floor(dayBefore / 86_400_000) !== Math.floor(nowMs / 86_400_000)) await ensurePartitions(services);
    this.#agentClock.moveTo(nowMs);
    await this.#fleet.turn(nowMs);
    // Who has just been told to connect does so at once.
    this.#agentClock.moveTo(nowMs);
    await this.#settle();
    await this.#tell();
    for (const { name, run } of watchesOverTime(services)) if (!leftOut.has(name)) await run();
    await this.#settle();
    await this.#tell();
    await runDueDigests(services);
    await runDueEscalations(services);
    await writeDailyMails(services);
    await this.#send();
  }

  /** Until the server has, and has answered, everything that the agents have to say at this moment. */
  async #settle(): Promise<void> {
    const nowMs = this.#clock.now();
    const { agents } = this.#fleet;
    await this.#until("all agents have answered", () =>
      [...this.#asked].every(([deviceId, before]) => this.#measuredBy(deviceId) > before),
    );
    this.#asked.clear();
    const online = agents.filter(({ computer }) => isOn(computer, nowMs));
    await this.#until("all samples are stored", () => online.every((agent) => agent.isCurrent));
    await this.#until("the server knows who is there", async () => {
      const [row] = await this.server.database.unwalled("a story", (tx) =>
        tx.sql<{ connected: number }>(
          "select count(*)::int as connected from hauswart.device_link where connected_at is not null and (disconnected_at is null or disconnected_at < connected_at)",
        ),
      );
      return row!.connected === online.length;
    });
  }

  #measuredBy(deviceId: Id): number {
    return this.#fleet.agents.find((agent) => agent.deviceId === deviceId)?.buffer.highestSequence ?? 0;
  }

  /** Composes what the bus says is to be told, and sends it. */
  async #tell(): Promise<void> {
    const { services, providerId } = this.server;
    if (this.#composesAtMs > this.#clock.now()) return;
    this.#composesAtMs = Number.POSITIVE_INFINITY;
    const { nextAtMs } = await composeMails(services, providerId);
    if (nextAtMs !== undefined) this.#composesAtMs = Math.min(this.#composesAtMs, nextAtMs);
    await runDueEscalations(services);
    await this.#send();
  }

  async #send(): Promise<void> {
    const { services } = this.server;
    const [queued] = await services.database.unwalled("a story's outbox", (tx) =>
      tx.sql("select 1 as one from hauswart.mail where state = 'queued' limit 1"),
    );
    if (!queued) return;
    await startSender(services, smtpTransport(this.#mailServer.url)).stop();
    this.mails.push(...this.#mailServer.mails.splice(0).map((mail) => ({ atMs: this.#clock.now(), mail })));
  }

  async #until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    const endMs = performance.now() + patienceMs;
    while (!(await holds())) {
      if (performance.now() > endMs) throw new Error(`Waited in vain until ${what}, at ${isoTime(this.#clock.now())} of the story.`);
      await Bun.sleep(1);
    }
  }
}

const isOn = (computer: SimulatedComputer, atMs: number) => computer.isOnline(atMs);

/** Which token a computer is enrolled with. */
async function tokensOf({ api }: TestServer, { first, second }: Furnished): Promise<(computer: SimulatedComputer) => string> {
  const tokens = new Map<string, string>();
  for (const [office, { siteId }] of Object.entries({ first, second }))
    for (const role of ["workstation", "server"] as const)
      tokens.set(`${office} ${role}`, (await api("createEnrolmentToken", { body: { siteId, role, uses: 10, validHours: 1 } })).token);
  return ({ index, role }) => tokens.get(`${(offices.first as readonly number[]).includes(index) ? "first" : "second"} ${role}`)!;
}
