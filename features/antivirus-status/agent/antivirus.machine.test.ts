import { expect } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { workingTimeOf } from "@hauswart/server/calendars/calendars-of.ts";
import { runRounds } from "@hauswart/server/rounds/run-rounds.ts";
import { checkHouse, type CheckHouse } from "@hauswart/testkit/check-house.ts";
import type { ReceivedMail } from "@hauswart/testkit/mail-server.ts";
import { osOf } from "@hauswart/testkit/machine-os.ts";
import { machineTest } from "@hauswart/testkit/machine-test.ts";
import { bootMachine, type Machine } from "@hauswart/testkit/nspawn.ts";
import { until } from "@hauswart/testkit/until.ts";
import judged from "../server/index.ts";
import { parseDatabaseHeader } from "./clamav.ts";
import collectors from "./index.ts";

const testOnMachine = machineTest(["clamav-daemon", "clamav-freshclam"]);
const hourMs = 3_600_000;
/** A mail's text, whose lines break where they are full. */
const textOf = ({ message }: ReceivedMail) => (message.text ?? "").replaceAll(/\s+/g, " ");

/** One harmless signature, packed by `sigtool --build --unsigned` of ClamAV 1.4.6. */
const recorded = readFileSync(join(import.meta.dir, "../testdata/house.cud"));

const signatureFile = "/var/lib/clamav/house.cud";

/** The recorded file with another time in its header. clamd refuses that at its start, and looks again once an hour only. */
function signaturesMadeAt(atMs: number): Uint8Array {
  const bytes = Buffer.from(recorded);
  const fields = bytes.subarray(0, 512).toString("latin1").trimEnd().split(":");
  fields[8] = String(Math.floor(atMs / 1_000));
  bytes.write(fields.join(":").padEnd(512), "latin1");
  return bytes;
}

/** Starts clamd on the signatures as they were recorded, which then look as if they were an hour old. */
async function startDaemon(machine: Machine): Promise<void> {
  await machine.writeFile(signatureFile, recorded);
  await machine.mustRun(["systemctl", "start", "clamav-daemon"]);
  await machine.mustRun(["sh", "-euc", "until test -S /run/clamav/clamd.ctl; do sleep 0.1; systemctl -q is-active clamav-daemon; done"]);
  await machine.writeFile(signatureFile, signaturesMadeAt(Date.now() - hourMs));
}

/** Debian's ClamAV with our own signatures only; its unit wants to see those of its maker. */
async function startClamav(machine: Machine): Promise<void> {
  expect(parseDatabaseHeader(recorded.subarray(0, 512))).toEqual({ version: 7, signatureCount: 1, builtAt: 1_795_321_215_000 });
  await machine.writeFile("/etc/systemd/system/clamav-daemon.service.d/own.conf", "[Unit]\nConditionPathExistsGlob=\n");
  // freshclam runs and finds nobody: the test asks no server of others.
  const settings = "PrivateMirror http://127.0.0.1:9\nDNSDatabaseInfo no\n";
  await machine.mustRun(["sh", "-euc", "sed -i '/^DatabaseMirror/d; /^DNSDatabaseInfo/d' /etc/clamav/freshclam.conf"]);
  await machine.mustRun(["sh", "-euc", "cat >> /etc/clamav/freshclam.conf"], { input: settings });
  await machine.mustRun(["systemctl", "daemon-reload"]);
  await machine.mustRun(["systemctl", "start", "clamav-freshclam"]);
  await startDaemon(machine);
}

/** Every day works and it is noon at the house: the round of today is due, the agent is asked, and its answer is on record. */
async function onRecord({ server, deviceId }: CheckHouse): Promise<void> {
  const hoursEast = 12 - new Date().getUTCHours();
  await server.api("changeSettings", { body: { timeZone: `Etc/GMT${hoursEast > 0 ? "-" : "+"}${Math.abs(hoursEast)}` } });
  const { calendars } = await server.api("listCalendars");
  const { calendarId } = calendars.find(({ houseUses }) => houseUses.includes("service"))!;
  await server.api("changeCalendar", { params: { calendarId }, body: { workingDays: [1, 2, 3, 4, 5, 6, 7], holidaySetId: null } });
  await server.database.unwalled("test", (tx) => tx.sql("update hauswart.device set enrolled_at = now() - interval '2 days'"));
  const askedAtMs = Date.now();
  let last: unknown;
  const record = await until(
    () => `the round to be done; its record is ${JSON.stringify(last)}`,
    async () => {
      await runRounds(server.services);
      const { items } = await server.api("listRoundRecords", { query: { check: "antivirus-status", deviceId } });
      last = items[0];
      return items[0]?.state === "done" && items[0];
    },
  );
  expect(record).toMatchObject({ result: "ok", reason: null, isLate: true });
  expect(record.subjects).toMatchObject([{ subject: "ClamAV", state: "ok", evidence: { signatureVersion: "house 7" } }]);
  expect(Date.parse(record.evidenceAt!)).toBeLessThanOrEqual(Date.now());
  expect(Date.parse(record.recordedAt!)).toBeGreaterThanOrEqual(askedAtMs - 1_000);
}

testOnMachine(
  "MON-3 AV-3 AV-4 ClamAV that is stopped, and one whose signatures are old, alarm by mail with the reason, are well again, and are on record",
  async () => {
    await using machine = await bootMachine({ packages: ["clamav-daemon", "clamav-freshclam"] });
    await startClamav(machine);
    using os = osOf(machine);
    await using house = await checkHouse({ collectors: collectors as never, judged, os });
    const measured = async (state: string) => {
      await house.measureNow();
      return house.waitForCheck("antivirus-status", "", (check) => check.state === state);
    };
    const mailAbout = (words: string) => house.mails.waitForMail(({ message }) => message.subject?.includes(words) ?? false);
    const evidenceOf = async (state: string, code: string) =>
      (await measured(state)).subjects.find((subject) => subject.code === code && subject.subject === "ClamAV")?.evidence;

    expect(await evidenceOf("ok", "signatures-old")).toMatchObject({ signatureVersion: "house 7", updates: "running", engine: "running" });
    expect(await evidenceOf("ok", "engine-off")).toMatchObject({ productVersion: expect.stringMatching(/^1\.\d/) });

    await machine.mustRun(["systemctl", "stop", "clamav-daemon.socket", "clamav-daemon.service"]);
    await measured("failure");
    const stopped = await mailAbout("ClamAV schützt nicht (ausgeschaltet)");
    expect(textOf(stopped)).toContain("PC-EMPFANG");
    expect(textOf(stopped)).toContain("Kein anderes Programm schützt den Computer");
    await startDaemon(machine);
    await measured("ok");

    await machine.mustRun(["systemctl", "stop", "clamav-freshclam"]);
    const calendar = await workingTimeOf(house.server.services, house.server.providerId, null, "service");
    /** The youngest signatures that are so many working days old. */
    const madeBefore = (workingDays: number) => {
      const nowMs = Date.now();
      const ages = Array.from({ length: 60 }, (_, days) => nowMs - days * 24 * hourMs);
      return ages.find((madeAt) => calendar.workingDaysBetween(calendar.dateOf(madeAt), calendar.dateOf(nowMs)) >= workingDays)!;
    };
    await machine.writeFile(signatureFile, signaturesMadeAt(madeBefore(2)));
    expect(await evidenceOf("warning", "signatures-old")).toMatchObject({ ageWorkingDays: 2, signatureWarningWorkingDays: 2 });
    expect(house.mails.mails.some((mail) => textOf(mail).includes("Signaturen von ClamAV"))).toBe(false);
    await machine.writeFile(signatureFile, signaturesMadeAt(madeBefore(3)));
    await measured("warning");
    await house.mails.waitForMail((mail) => textOf(mail).includes("Signaturen von ClamAV sind 3 Arbeitstage alt"));
    await machine.writeFile(signatureFile, signaturesMadeAt(madeBefore(6)));
    await measured("failure");
    const old = await house.mails.waitForMail((mail) => textOf(mail).includes("Signaturen von ClamAV sind 6 Arbeitstage alt"));
    expect(textOf(old)).toContain("Grund: Der Dienst, der neue Signaturen holt, läuft nicht.");

    await machine.writeFile(signatureFile, signaturesMadeAt(Date.now() - hourMs));
    await machine.mustRun(["systemctl", "start", "clamav-freshclam"]);
    await measured("ok");
    await onRecord(house);
    const { items } = await house.server.api("listFindings", { query: { state: "all" } });
    expect(items.every(({ closedAt }) => closedAt !== null)).toBe(true);
    expect(new Set(items.map(({ code }) => code))).toEqual(new Set(["engine-off", "signatures-old", "updates-off"]));
  },
  300_000,
);
