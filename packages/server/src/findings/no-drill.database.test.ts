/** ALM-1 an alarm drill goes the way of every alarm, and is counted, promised and reported nowhere. */
import { expect, setDefaultTimeout, test } from "bun:test";
import { alarmDrillCheckId } from "@hauswart/protocol/alarm-drill.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import { routingStage } from "@hauswart/testkit/routing-stage.ts";
import { listDueContacts } from "../contacts/list-due-contacts.ts";
import { writeDailyMails } from "../daily-mail/write-daily-mails.ts";
import { getDevice } from "../devices/get-device.ts";
import { getOverview } from "../devices/get-overview.ts";
import { listDevices } from "../devices/list-devices.ts";
import { getNoise } from "../noise/get-noise.ts";
import { changeCustomerTerms } from "../tenancy/change-customer-terms.ts";
import { getCustomer } from "../tenancy/get-customer.ts";
import type { FindingChange } from "./finding-change.ts";
import { listFindings } from "./list-findings.ts";

setDefaultTimeout(60_000);
const stage = routingStage();

const drill = (): FindingChange => {
  const change = stage.change("open", "fault", { evidence: { drillId: stage.deviceId } });
  return { ...change, scope: { ...change.scope, check: alarmDrillCheckId, checkNumber: 1 } };
};

/** Everything that counts findings, with what it counts. */
async function counted() {
  const { customerId } = stage.tenant.first;
  const ctx = stage.ctx();
  const overview = await getOverview({ ctx, input: {} });
  const customer = await getCustomer({ ctx, input: { customerId } });
  const device = await getDevice({ ctx, input: { deviceId: stage.deviceId } });
  const withFindings = await listDevices({ ctx, input: { limit: 10, sort: "name", show: "open-findings" } });
  const due = await listDueContacts({ ctx, input: {} });
  const noise = await getNoise({ ctx, input: { weeks: 4 } });
  return {
    overview: overview.findings.failure,
    broken: overview.broken.length,
    customer: customer.openFindings.failure,
    device: device.openFindings.failure,
    devices: withFindings.items.length,
    contacts: due.items.length,
    noise: noise.rules.map(({ check, findings }) => `${check} ${findings}`),
  };
}

test("a drill alone counts as nothing, beside a real alarm that alarm alone", async () => {
  const { customerId } = stage.tenant.first;
  await changeCustomerTerms({ ctx: stage.ctx(), input: { customerId, contactWithinMinutes: 60 } });
  await stage.apply(drill());
  const listed = await listFindings({ ctx: stage.ctx(), input: { limit: 10, state: "open", order: "newest" } });
  expect(listed.items.map(({ check }) => check)).toEqual([alarmDrillCheckId]);
  expect(await counted()).toEqual({ overview: 0, broken: 0, customer: 0, device: 0, devices: 0, contacts: 0, noise: [] });
  await stage.apply(stage.change("open"));
  const behind = await listFindings({ ctx: stage.ctx(), input: { limit: 10, state: "open", order: "newest", drills: "without" } });
  expect(behind.items.map(({ check }) => check)).toEqual(["device"]);
  expect(await counted()).toEqual({ overview: 1, broken: 1, customer: 1, device: 1, devices: 1, contacts: 1, noise: ["device 1"] });
});

test("ALM-4 the daily mail knows nothing of drills", async () => {
  const { customerId } = stage.tenant.first;
  stage.services.clock.set(Date.UTC(2026, 2, 1, 8));
  await changeCustomerTerms({
    ctx: stage.ctx(),
    input: { customerId, dailyMail: { at: "07:30", recipients: [{ address: "chefin@muster.example", language: "de" }] } },
  });
  await stage.apply(drill(), { ...drill(), severity: "warning", subject: "x" } as FindingChange);
  stage.services.clock.set(Date.UTC(2026, 2, 2, 6, 31));
  await stage.database.unwalled("a process", (tx) =>
    tx.sql("insert into hauswart.server_process (process_id, started_at, alive_at) values ($1, '2026-01-01', '2026-12-31')", [newId()]),
  );
  await writeDailyMails(stage.services);
  await stage.due();
  const daily = stage.mailServer.mails.find(({ recipients }) => recipients.includes("chefin@muster.example"))!.message;
  expect(daily.subject).toContain("nichts Kritisches");
  expect(daily.text).not.toMatch(/Warnung|Übung/);
});

test("nobody on call is called because of a drill", async () => {
  await stage.onCall();
  await stage.apply({ ...drill(), severity: "failure" } as FindingChange);
  for (const minutes of [0, 20, 40]) await stage.later(minutes);
  expect(stage.who()).toEqual([]);
  await stage.apply(stage.change("open"));
  await stage.due();
  expect(stage.who()).toEqual(["anna"]);
});
