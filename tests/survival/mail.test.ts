/** Alarm mails through a mail server that is down, refuses somebody, is slow, or hangs up: no alarm is lost, and nothing else waits for it. */
import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import type { OutboxMail } from "@hauswart/protocol/api/mails.ts";
import type { Fleet } from "@hauswart/simulator/fleet.ts";
import { fillVolume } from "@hauswart/simulator/stories/story.ts";
import { startMailServer, type MailServer } from "@hauswart/testkit/mail-server.ts";
import { patienceMs, testLimitMs, until } from "@hauswart/testkit/until.ts";
import { openHouse, type House } from "./support/house.ts";

let mails: MailServer;
let house: House;
const fleets: Fleet[] = [];

beforeAll(async () => {
  mails = await startMailServer();
  house = await openHouse({ HAUSWART_SMTP_URL: mails.url });
}, testLimitMs);

afterEach(async () => {
  for (const fleet of fleets.splice(0)) await fleet.stop();
  Object.assign(mails.behaviour, { temporaryFailure: undefined, delayMs: 0, dropsAfterMessage: 0 });
  mails.behaviour.refusedRecipients.clear();
  expect(house.server.isRunning).toBe(true);
});

afterAll(async () => {
  await house?.stop();
  await mails?.stop();
}, testLimitMs);

/** A full disk on a computer of a site of its own, so that no other mail gathers it in. @returns the computer's name, and its agent. */
async function alarm(): Promise<{ hostname: string; fleet: Fleet }> {
  const siteId = await house.addSite(`Filiale ${crypto.randomUUID()}`);
  const enrolled = await house.enrol(1, (computer) => fillVolume(computer, 0, 0.01, 0.01, 1, 0), siteId);
  const fleet = await house.connect(enrolled);
  fleets.push(fleet);
  fleet.agents[0]!.measure(Date.now());
  await fleet.until((agent) => agent.isCurrent, patienceMs);
  return { hostname: enrolled.computers[0]!.hostname, fleet };
}

const outboxOf = async (hostname: string): Promise<OutboxMail[]> =>
  (await house.api("listOutbox", { query: { limit: 200 } })).items.filter(({ subject }) => subject.includes(hostname));
const inOutbox = (hostname: string, what: string, fits: (mail: OutboxMail) => boolean) =>
  until(what, async () => (await outboxOf(hostname)).find(fits));
const received = (hostname: string) => mails.mails.filter(({ message }) => message.subject?.includes(hostname));
const arrived = (hostname: string) => mails.waitForMail(({ message }) => message.subject?.includes(hostname) ?? false);

test(
  "the mail server is down, and the server is killed meanwhile: the alarm waits visibly, and leaves when the mail server is back",
  async () => {
    await mails.stop();
    const { hostname } = await alarm();
    const waiting = await inOutbox(
      hostname,
      "the failure in the outbox",
      ({ state, attempts, lastError }) => state === "queued" && attempts > 0 && lastError !== null,
    );
    expect(waiting.nextAttemptAt).not.toBeNull();
    await house.server.kill();
    await house.server.restart();
    await inOutbox(hostname, "another attempt", ({ attempts }) => attempts > waiting.attempts);
    await mails.start();
    const mail = await arrived(hostname);
    const sent = await inOutbox(hostname, "the mail to be sent", ({ state }) => state === "sent");
    expect(mail.message.messageId).toContain(sent.messageId.replace(/[<>]/g, ""));
    expect(received(hostname)).toHaveLength(1);
  },
  testLimitMs,
);

test(
  "one recipient is refused: the others have the mail, and the outbox names who has not, with the answer",
  async () => {
    const address = "gone@example.com";
    await house.api("createRecipient", { body: { address } });
    mails.behaviour.refusedRecipients.add(address);
    const { hostname } = await alarm();
    await mails.waitForMail(
      ({ message, recipients }) => (message.subject?.includes(hostname) ?? false) && recipients.includes(house.server.owner.email),
    );
    const refused = await inOutbox(hostname, "the refusal in the outbox", ({ refusals }) => refusals.length > 0);
    expect(refused.refusals).toEqual([{ address, answer: expect.stringContaining("No such mailbox") as string }]);
    await until("the outbox to be done", async () => (await outboxOf(hostname)).every(({ state }) => state !== "queued"));
    const reached = received(hostname).flatMap(({ recipients }) => recipients);
    expect(reached).toEqual([house.server.owner.email]);
  },
  testLimitMs,
);

test(
  "the mail server is slow: nothing else waits for it, and the alarm arrives once",
  async () => {
    mails.behaviour.delayMs = 4_000;
    const { hostname, fleet } = await alarm();
    await until("the mail server to be busy", () => mails.pendingCount > 0);
    fleet.agents[0]!.measure(Date.now());
    await fleet.until((agent) => agent.isCurrent, patienceMs);
    expect(await house.api("getHealth")).toMatchObject({ status: "ok" });
    const other = await alarm();
    await arrived(hostname);
    await arrived(other.hostname);
    await until("the outbox to be done", async () =>
      (await outboxOf(other.hostname)).every(({ state }) => state === "sent" || state === "refused"),
    );
    expect([received(hostname).length, received(other.hostname).length]).toEqual([1, 1]);
  },
  testLimitMs,
);

test(
  "the mail server takes the mail and hangs up before it says so: a second copy comes, with the same Message-ID",
  async () => {
    mails.behaviour.dropsAfterMessage = 1;
    const { hostname } = await alarm();
    await inOutbox(hostname, "the mail to be sent", ({ state }) => state === "sent");
    const copies = received(hostname);
    expect(copies.length).toBeGreaterThan(1);
    expect(new Set(copies.map(({ message }) => message.messageId)).size).toBe(1);
  },
  testLimitMs,
);

test(
  "the mail server defers everything for a while: the alarm is tried again and arrives once",
  async () => {
    mails.behaviour.temporaryFailure = "message";
    const { hostname } = await alarm();
    await inOutbox(
      hostname,
      "the deferral in the outbox",
      ({ state, lastError }) => state === "queued" && (lastError ?? "").includes("Try again later"),
    );
    mails.behaviour.temporaryFailure = undefined;
    await inOutbox(hostname, "the mail to be sent", ({ state }) => state === "sent");
    expect(received(hostname)).toHaveLength(1);
  },
  testLimitMs,
);
