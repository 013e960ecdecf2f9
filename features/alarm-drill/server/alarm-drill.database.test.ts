/** ALM-1: the exercise of the alarm chain, over a real agent link and a real mail server, with those who do not press. */
import type { CollectContext } from "@hauswart/agent/collector.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { startSender } from "@hauswart/server/mail/outbox/sender.ts";
import { smtpTransport } from "@hauswart/server/mail/outbox/smtp.ts";
import { deliveryReports } from "@hauswart/server/mail/reports/take-reports.ts";
import { composeMails } from "@hauswart/server/mail/compose/compose-mails.ts";
import { runDrills } from "@hauswart/server/drills/run-drills.ts";
import { watchSelf } from "@hauswart/server/operation/self-report.ts";
import { ApiError } from "@hauswart/protocol/api/client.ts";
import { startMailServer, type MailServer } from "@hauswart/testkit/mail-server.ts";
import { testServer, type TestServer } from "@hauswart/testkit/server.ts";
import { enrolledAgent, type WireAgent } from "@hauswart/testkit/wire-agent.ts";
import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import collectors from "../agent/index.ts";
import type { alarmDrill } from "../protocol.ts";
import judged from "./index.ts";

setDefaultTimeout(60_000);

const checks = new Map(judged.map((check) => [check.definition.id, check]));
/** A Tuesday morning in Berlin, late in the month: every customer's drill is due, and it is service time. */
const tuesdayMs = Date.parse("2026-11-24T09:00:00Z");

let mailServer: MailServer;
let server: TestServer;
let customerId: Id;
let agent: WireAgent;

async function start(offsetMs = 0): Promise<void> {
  mailServer = await startMailServer();
  server = await testServer({
    services: { checks, clock: { now: () => Date.now() + offsetMs } },
    settings: { smtpUrl: mailServer.url },
  });
  ({ customerId } = await server.api("createCustomer", { body: { name: "Muster GmbH" } }));
  const { siteId } = await server.api("createSite", { body: { customerId, name: "Zentrale" } });
  const { token } = await server.api("createEnrolmentToken", { body: { siteId, uses: 1 } });
  agent = await enrolledAgent(server.url, token);
  agent.clockOffsetMs = offsetMs;
  await recipient("chef@muster.example", customerId);
  await recipient("technik@systemhaus.example", null);
}
beforeEach(() => start());
afterEach(async () => {
  await server.close();
  await mailServer.stop();
});

const recipient = (address: string, of: Id | null) =>
  server.api("createRecipient", { body: { customerId: of, address, fromSeverity: "failure", language: "de" } });
const connect = () => agent.connect({ checks: { "alarm-drill": 1 } });
const nobody = () => server.apiWith(undefined);
const drills = async () => (await server.api("listAlarmDrills", { query: { customerId } })).items;
const startDrill = () => server.api("startAlarmDrill", { params: { customerId } });
const sendMails = async () => {
  await composeMails(server.services, server.providerId);
  await startSender(server.services, smtpTransport(mailServer.url)).stop();
};
const textTo = (address: string) => mailServer.mails.find(({ recipients }) => recipients.includes(address))?.message.text ?? "";
const tokenTo = (address: string) => /\/drill#token=([\w-]+)/.exec(textTo(address))?.[1];

const codeOf = (asked: Promise<unknown>) =>
  asked.then(
    () => "done",
    (error: unknown) => (error instanceof ApiError ? error.code : String(error)),
  );

/** Waits for a configuration with the drill. */
async function configured() {
  const [drill] = await drills();
  for (;;) {
    const { checks: wanted } = await agent.next("configure");
    const instance = wanted.find(({ check, selection }) => check === "alarm-drill" && selection["drillId"] === drill!.drillId);
    if (instance) return instance;
  }
}

/** Measures what the next configuration wants with the real collector, and sends what it gives. */
async function measure(): Promise<void> {
  const { number, selection, selectionVersion } = await configured();
  const outcome = await collectors[0]!.collect({ selection } as unknown as CollectContext<typeof alarmDrill>, {} as never);
  if (!("ok" in outcome)) throw new Error("The collector gave no sample.");
  agent.batch([{ check: number, selectionVersion, ok: outcome.ok }]);
  await agent.stored();
}
const backdate = (hours: number) =>
  server.database.unwalled("a drill that began earlier", (tx) =>
    tx.sql("update hauswart.alarm_drill set started_at = started_at - $1 * interval '1 hour'", [hours]),
  );

describe("ALM-1 alarm drill", () => {
  test("goes from the agent through finding, mail and mail server to the reader's press, with its times", async () => {
    await connect();
    const { drillId } = await startDrill();
    await measure();
    await sendMails();
    const text = textTo("chef@muster.example");
    expect(text).toContain("Alarmübung: bitte Empfang bestätigen");
    expect(text).not.toContain("Reparatur beauftragen");
    expect(tokenTo("technik@systemhaus.example")).toBeUndefined();
    const token = tokenTo("chef@muster.example")!;
    expect(await nobody()("getAlarmDrill", { body: { token } })).toMatchObject({
      customerName: "Muster GmbH",
      confirmedAt: null,
      isOver: false,
    });
    const { confirmedAt } = await nobody()("confirmAlarmDrill", { body: { token } });
    expect(confirmedAt).not.toBeNull();
    const [drill, ...more] = await drills();
    expect(more).toEqual([]);
    expect(drill).toMatchObject({ drillId, result: "done", reason: null, confirmedBy: "chef@muster.example" });
    const { startedAt, measuredAt, foundAt, mailedAt, acceptedAt, endedAt } = drill!;
    const times = [startedAt, measuredAt, foundAt, mailedAt, acceptedAt, confirmedAt, endedAt].map((at) => Date.parse(at!));
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    // The device is rid of it, and that it is over is told to nobody.
    expect((await server.api("listPolicies", {})).items.filter(({ name }) => name === "Alarmübung")).toEqual([]);
    expect((await server.api("listFindings", { query: { state: "open", customerId } })).items).toEqual([]);
    mailServer.mails.length = 0;
    await sendMails();
    expect(mailServer.mails).toEqual([]);
  });

  test("programs that follow the links of mails confirm nothing", async () => {
    await connect();
    await startDrill();
    await measure();
    await sendMails();
    const token = tokenTo("chef@muster.example")!;
    for (let times = 0; times < 5; times++) await nobody()("getAlarmDrill", { body: { token } });
    await runDrills(server.services);
    expect(await drills()).toMatchObject([{ result: null, confirmedAt: null }]);
  });

  test("many presses confirm once", async () => {
    await connect();
    await startDrill();
    await measure();
    await sendMails();
    const token = tokenTo("chef@muster.example")!;
    const notices = await Promise.all(Array.from({ length: 5 }, () => nobody()("confirmAlarmDrill", { body: { token } })));
    expect(new Set(notices.map(({ confirmedAt }) => confirmedAt)).size).toBe(1);
    expect(await drills()).toMatchObject([{ result: "done" }]);
  });

  test("where the customer has no recipients, those who are told instead confirm", async () => {
    for (const { recipientId } of (await server.api("listRecipients", { query: { customerId } })).items.filter((one) => one.customerId))
      await server.api("deleteRecipient", { params: { recipientId } });
    await connect();
    await startDrill();
    await measure();
    await sendMails();
    expect(tokenTo("technik@systemhaus.example")).toBeDefined();
  });

  test("that nobody confirms fails after its time, and is a finding as long as drills are wanted", async () => {
    await server.api("changeCustomerTerms", { params: { customerId }, body: { alarmDrill: true } });
    await connect();
    await startDrill();
    await measure();
    await sendMails();
    await backdate(1);
    await runDrills(server.services);
    expect(await drills()).toMatchObject([{ result: null }]);
    await backdate(13 * 24);
    await runDrills(server.services);
    expect((await drills()).find(({ reason }) => reason !== null)).toMatchObject({ result: "failed", reason: "not-confirmed" });
    expect(await codeOf(nobody()("confirmAlarmDrill", { body: { token: tokenTo("chef@muster.example")! } }))).toBe("CONFLICT");
    const overdue = async () => {
      await watchSelf(server.services);
      const { items } = await server.api("listFindings", { query: { state: "open" } });
      return items.filter(({ code }) => code === "drill-failed").map(({ subject }) => subject);
    };
    expect(await overdue()).toEqual(["Muster GmbH"]);
    await server.api("changeCustomerTerms", { params: { customerId }, body: { alarmDrill: false } });
    expect(await overdue()).toEqual([]);
  });

  test("says how far it came: no sample, not taken by the mail server", async () => {
    await connect();
    await startDrill();
    await backdate(13 * 24);
    await runDrills(server.services);
    expect(await drills()).toMatchObject([{ result: "failed", reason: "not-measured" }]);
    mailServer.behaviour.refusedRecipients.add("chef@muster.example");
    await startDrill();
    await measure();
    await sendMails();
    await backdate(13 * 24);
    await runDrills(server.services);
    expect((await drills())[0]).toMatchObject({ result: "failed", reason: "not-accepted" });
  });

  test("goes to readers who chose topics or checks too: it is their way that it tries, not the house's", async () => {
    for (const { recipientId } of (await server.api("listRecipients", { query: { customerId } })).items.filter((one) => one.customerId))
      await server.api("deleteRecipient", { params: { recipientId } });
    const only = { customerId, language: "de" as const };
    await server.api("createRecipient", { body: { ...only, address: "edv@muster.example", topics: ["antivirus"] } });
    await server.api("createRecipient", { body: { ...only, address: "buero@muster.example", checks: ["alarm-drill"] } });
    await connect();
    await startDrill();
    await measure();
    await sendMails();
    expect([tokenTo("edv@muster.example"), tokenTo("buero@muster.example")]).not.toContain(undefined);
    expect(tokenTo("technik@systemhaus.example")).toBeUndefined();
  });

  test("whose mail comes back ends at once, says so, and calls nobody", async () => {
    await server.api("createEscalationPlan", {
      body: {
        customerId: null,
        name: "All",
        fromSeverity: "warning",
        topics: null,
        hours: "always",
        steps: [{ afterMinutes: 0, to: { kind: "owners" } }],
        repeats: 0,
      },
    });
    for (const { recipientId } of (await server.api("listRecipients", {})).items.filter((one) => !one.customerId))
      await server.api("deleteRecipient", { params: { recipientId } });
    await connect();
    await startDrill();
    await measure();
    await sendMails();
    await runDrills(server.services);
    expect(await drills()).toMatchObject([{ result: null }]);
    const { messageId } = mailServer.mails.find(({ recipients }) => recipients.includes("chef@muster.example"))!.message;
    const source = new TextEncoder().encode(
      [
        'Content-Type: multipart/report; report-type=delivery-status; boundary="B"',
        "\r\n--B\r\nContent-Type: message/delivery-status",
        "\r\nReporting-MTA: dns; mx.muster.example",
        "\r\nFinal-Recipient: rfc822; chef@muster.example\r\nAction: failed\r\nStatus: 5.1.1",
        `\r\n--B\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: ${messageId!}\r\n\r\n--B--`,
      ].join("\r\n"),
    );
    const taken = deliveryReports(server.services).take({ uid: 1, sizeBytes: source.length, receivedAtMs: Date.now(), source });
    expect(await taken).toBe(true);
    await runDrills(server.services);
    expect(await drills()).toMatchObject([{ result: "failed", reason: "returned" }]);
    expect(await server.database.unwalled("a test", (tx) => tx.sql("select from hauswart.escalation"))).toEqual([]);
  });

  test("a process that dies between any two steps leaves a drill that the next one takes on", async () => {
    await connect();
    await startDrill();
    await configured();
    // Died before the device was told: its checks are as before.
    const forget = () =>
      server.database.unwalled("died", (tx) => tx.sql("delete from hauswart.check_instance where device_id = $1", [agent.deviceId]));
    await forget();
    await runDrills(server.services);
    await measure();
    await sendMails();
    await nobody()("confirmAlarmDrill", { body: { token: tokenTo("chef@muster.example")! } });
    // Died after the press, and after the end but before the device was rid of it.
    for (const lost of ["ended_at = null, result = null, cleared_at = null", "cleared_at = null"]) {
      await server.database.unwalled("died", (tx) => tx.sql(`update hauswart.alarm_drill set ${lost}`));
      await runDrills(server.services);
      expect(await drills()).toMatchObject([{ result: "done" }]);
    }
    const open = await server.database.unwalled("look", (tx) => tx.sql("select from hauswart.alarm_drill where cleared_at is null"));
    expect(open).toEqual([]);
  });

  test("is refused while one runs, without a connected device, and out of reach", async () => {
    expect(await codeOf(startDrill())).toBe("NO_DEVICE_CONNECTED");
    await connect();
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => codeOf(startDrill())));
    expect(outcomes.toSorted()).toEqual(["CONFLICT", "CONFLICT", "CONFLICT", "done"]);
    expect(await codeOf(nobody()("getAlarmDrill", { body: { token: "AQ".repeat(58) } }))).toBe("LINK_INVALID");
  });
});

describe("ALM-1 the timetable of alarm drills", () => {
  const startOn = async (atMs: number) => {
    await server.close();
    await mailServer.stop();
    await start(atMs - Date.now());
    await connect();
  };

  test("starts one a month in service hours where the terms say so, whoever tries", async () => {
    await startOn(tuesdayMs);
    await runDrills(server.services);
    expect(await drills()).toEqual([]);
    await server.api("changeCustomerTerms", { params: { customerId }, body: { alarmDrill: true } });
    await Promise.all(Array.from({ length: 4 }, () => runDrills(server.services)));
    expect(await drills()).toMatchObject([{ startedBy: null, result: null }]);
    await measure();
    await sendMails();
    await nobody()("confirmAlarmDrill", { body: { token: tokenTo("chef@muster.example")! } });
    await runDrills(server.services);
    expect(await drills()).toMatchObject([{ result: "done" }]);
  });

  test("starts none at night", async () => {
    await startOn(tuesdayMs + 14 * 3_600_000);
    await server.api("changeCustomerTerms", { params: { customerId }, body: { alarmDrill: true } });
    await runDrills(server.services);
    expect(await drills()).toEqual([]);
  });
});
