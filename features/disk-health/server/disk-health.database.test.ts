/** MON-5: a drive that falls silent gets no all-clear, over a real agent link and a real mail server. */
import { composeMails } from "@hauswart/server/mail/compose/compose-mails.ts";
import { startSender } from "@hauswart/server/mail/outbox/sender.ts";
import { smtpTransport } from "@hauswart/server/mail/outbox/smtp.ts";
import { startMailServer, type MailServer } from "@hauswart/testkit/mail-server.ts";
import { testServer, type TestServer } from "@hauswart/testkit/server.ts";
import { enrolledAgent, type WireAgent } from "@hauswart/testkit/wire-agent.ts";
import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import judged from "./index.ts";
import { madeDrive, madeSample, silence, type Drive } from "./testing/made-drive.ts";

setDefaultTimeout(120_000);

let mailServer: MailServer;
let server: TestServer;
let agent: WireAgent;
let check: { number: number; selectionVersion: number };

beforeEach(async () => {
  mailServer = await startMailServer();
  server = await testServer({
    services: { checks: new Map(judged.map((one) => [one.definition.id, one])) },
    settings: { smtpUrl: mailServer.url },
  });
  const { customerId } = await server.api("createCustomer", { body: { name: "Muster GmbH" } });
  const { siteId } = await server.api("createSite", { body: { customerId, name: "Zentrale" } });
  const { token } = await server.api("createEnrolmentToken", { body: { siteId, uses: 1 } });
  await server.api("createRecipient", {
    body: { customerId, address: "chef@muster.example", fromSeverity: "warning", language: "de" },
  });
  agent = await enrolledAgent(server.url, token);
  await connect();
});
afterEach(async () => {
  await server.close();
  await mailServer.stop();
});

async function connect(): Promise<void> {
  await agent.connect({ checks: { "disk-health": 1 } });
  check = (await agent.next("configure")).checks.find((one) => one.check === "disk-health")!;
}

/** Measures one drive. @returns what is open afterwards, the check's state, and the words of the mails that it led to. */
async function measure(changes: Partial<Drive>) {
  agent.batch([{ check: check.number, selectionVersion: check.selectionVersion, ok: madeSample(madeDrive(changes)) }]);
  await agent.stored();
  mailServer.mails.length = 0;
  await composeMails(server.services, server.providerId);
  await startSender(server.services, smtpTransport(mailServer.url)).stop();
  const { items } = await server.api("listFindings", { query: { state: "open" } });
  const [row] = (await server.api("listDeviceChecks", { params: { deviceId: agent.deviceId } })).items;
  const mails = mailServer.mails.map(({ message }) => message.subject);
  return { open: items.map(({ code }) => code).sort(), state: row!.state, mails };
}

test("MON-5 a drive with bad sectors that stops answering and then goes gets no all-clear until another takes its place", async () => {
  const bad = await measure({ reallocatedCount: 500 });
  expect(bad).toMatchObject({ open: ["bad-sectors"], state: "failure" });
  expect(bad.mails).toHaveLength(1);

  expect(await measure({ ...silence, state: "unreadable" })).toEqual({ open: ["bad-sectors"], state: "unknown", mails: [] });

  // What is open is loaded again with the device.
  agent.drop();
  await connect();
  expect(await measure({ ...silence, state: "asleep" })).toEqual({ open: ["bad-sectors"], state: "unknown", mails: [] });

  expect(await measure({ ...silence, state: "missing" })).toMatchObject({ open: ["bad-sectors", "missing"], state: "failure" });
  expect(await measure({ drive: "HD 2" })).toMatchObject({ open: [], state: "ok" });
});
