/** Updates, backups and scheduled jobs of a Windows computer: the built agent reads there what is written into its registry. */
import { afterAll, beforeAll, describe, expect } from "bun:test";
import { madeFileTime, madeTaskActions, madeTaskRun } from "@hauswart/agent/testing/made-task.ts";
import { testNeeding, whyNoWindows } from "@hauswart/testkit/needs.ts";
import { windowsHouse, type WindowsHouse } from "@hauswart/testkit/windows-house.ts";
import { buildAgent } from "../tools/build-agent.ts";

const missing = whyNoWindows();
const windowsTest = testNeeding(missing);
const currentVersion = "SOFTWARE\\Microsoft\\Windows\\CurrentVersion";
const taskCache = "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Schedule\\TaskCache\\Tasks";
const hourMs = 3_600_000;
const hexadecimal = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

describe("a Windows computer", () => {
  let house: WindowsHouse;
  beforeAll(async () => {
    if (missing !== undefined) return;
    const { path } = await buildAgent("windows-x64");
    house = await windowsHouse(path, ["backup-status", "patch-status", "scheduled-jobs"], { hostName: "PC-EMPFANG" });
  }, 960_000);
  afterAll(() => house?.[Symbol.asyncDispose]());

  const add = (key: string, name: string, type: string, data: string) =>
    house.computer.mustRun(["reg", "add", key, "/v", name, "/t", type, "/d", data, "/f"]);

  windowsTest(
    "MON-12: tells of File History, names what it cannot read, and finds nothing to be well where nothing can be read",
    async () => {
      await house.setPolicy([{ check: "backup-status" }]);
      const nothing = await house.waitForCheck("backup-status", "", ({ evidenceAt }) => evidenceAt !== null);
      // Wine has no event log, and that is what is told.
      expect(nothing).toMatchObject({ state: "unknown", unknownReason: "collect-failed" });

      await add(`HKCU\\${currentVersion}\\FileHistory`, "ProtectedUpToTime", "REG_QWORD", String(madeFileTime(Date.now() - 60 * hourMs)));
      await add("HKLM\\SYSTEM\\CurrentControlSet\\Services\\MacriumService", "ImagePath", "REG_SZ", "C:\\Macrium.exe");
      await house.measureNow();
      const old = await house.waitForCheck("backup-status", "", ({ state }) => state === "failure");
      const { subject, evidence } = old.subjects.find(({ code }) => code === "too-old")!;
      expect(subject).toStartWith("File History S-1-5-21-");
      expect(evidence).toMatchObject({ program: "file-history", failureHours: 50 });
      expect(old.subjects.find(({ code }) => code === "jobs-missing")?.evidence).toMatchObject({
        programs: "event-log, file-history, macrium",
      });
      await house.mails.waitForMail(({ message }) => message.subject?.includes("File History") ?? false);

      await add(`HKCU\\${currentVersion}\\FileHistory`, "ProtectedUpToTime", "REG_QWORD", String(madeFileTime(Date.now() - hourMs)));
      await house.measureNow();
      await house.waitForCheck("backup-status", "", ({ state }) => state === "ok");
    },
    180_000,
  );

  windowsTest(
    "MON-12: tells how the scheduled backups of Macrium Reflect ended",
    async () => {
      const now = Date.now();
      const task = async (id: string, kind: string, code: number, startedAtMs: number) => {
        const reflect = {
          command: "C:\\Program Files\\Macrium\\Reflect\\Reflect.exe",
          argumentText: `-e -w ${kind} "C:\\Users\\Büro\\Büro-PC.xml"`,
        };
        await add(`${taskCache}\\${id}`, "Path", "REG_SZ", `\\Macrium-Backup-${id}`);
        await add(`${taskCache}\\${id}`, "Actions", "REG_BINARY", hexadecimal(madeTaskActions(reflect)));
        await add(`${taskCache}\\${id}`, "DynamicInfo", "REG_BINARY", hexadecimal(madeTaskRun(startedAtMs, code, startedAtMs + 60_000)));
      };
      await task("{10}", "-full", 0, now - 9 * hourMs);
      await task("{11}", "-inc", 1, now - 2 * hourMs);
      await house.measureNow();
      const failed = await house.waitForCheck("backup-status", "", ({ state }) => state === "failure");
      expect(failed.subjects.find(({ code, state }) => code === "run-failed" && state === "failure")).toMatchObject({
        subject: "Macrium Büro-PC",
      });

      await task("{11}", "-inc", 0, now - hourMs);
      await house.measureNow();
      await house.waitForCheck("backup-status", "", ({ state }) => state === "ok");
    },
    180_000,
  );

  windowsTest(
    "tells how its tasks ended",
    async () => {
      const now = Date.now();
      await add(`${taskCache}\\{1}`, "Path", "REG_SZ", "\\Company\\Nightly");
      await add(`${taskCache}\\{1}`, "DynamicInfo", "REG_BINARY", hexadecimal(madeTaskRun(now - 2 * hourMs, 0, now - hourMs)));
      await add(`${taskCache}\\{2}`, "Path", "REG_SZ", "\\Company\\Weekly");
      await add(`${taskCache}\\{2}`, "DynamicInfo", "REG_BINARY", hexadecimal(madeTaskRun(now - 2 * hourMs, 1, now - 5 * hourMs)));
      await house.setPolicy([{ check: "scheduled-jobs", settings: { jobs: ["Company\\Nightly", "\\Company\\W*", "\\Gone"] } }]);
      const found = await house.waitForCheck("scheduled-jobs", "", ({ state }) => state === "failure");
      const bad = found.subjects.filter(({ state }) => state === "failure").map(({ code, subject }) => `${code} ${subject}`);
      expect(bad.sort()).toEqual(["job-failed \\Company\\Weekly", "job-not-scheduled \\Gone"]);
    },
    180_000,
  );

  windowsTest(
    'MON-7: a search for updates that cannot be made is no "nothing is missing"',
    async () => {
      await house.setPolicy([{ check: "patch-status" }]);
      const found = await house.waitForCheck("patch-status", "", ({ evidenceAt }) => evidenceAt !== null);
      expect(found.state).toBe("unknown");
      expect(found.unknownReason).not.toBeNull();
    },
    180_000,
  );
});
