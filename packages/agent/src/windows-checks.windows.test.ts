/** What the agent promises of a Windows computer, the whole way: measured there, judged by a real server, told by mail. */
import { afterAll, beforeAll, describe, expect } from "bun:test";
import { testNeeding, whyNoWindows } from "@hauswart/testkit/needs.ts";
import { until } from "@hauswart/testkit/until.ts";
import { windowsHouse, type WindowsHouse } from "@hauswart/testkit/windows-house.ts";
import { buildAgent } from "../../../tools/build-agent.ts";

const missing = whyNoWindows();
const windowsTest = testNeeding(missing);
const patienceMs = 150_000;
const checks = ["services", "disk-space", "disk-growth", "cpu-load", "memory", "uptime"];

describe("a Windows computer", () => {
  let house: WindowsHouse;
  const program = (...command: string[]) => house.computer.mustRun(command);
  const subjectOf = async (check: string, subject: string, code: string, state: string) => {
    const found = await house.waitForCheck(check, "", ({ subjects }) =>
      subjects.some((one) => one.subject === subject && one.code === code && one.state === state),
    );
    return found.subjects.find((one) => one.subject === subject && one.code === code)!.evidence;
  };

  beforeAll(async () => {
    if (missing !== undefined) return;
    const { path } = await buildAgent("windows-x64");
    house = await windowsHouse(path, checks, { hostName: "PC-EMPFANG", drives: [{ letter: "D", mebibytes: 64 }] });
  }, 960_000);
  afterAll(() => house?.[Symbol.asyncDispose]());

  windowsTest(
    "appears with its own name and that of its system",
    async () => {
      await house.waitForCheck("uptime", "", ({ evidenceAt }) => evidenceAt !== null);
      const device = await house.server.api("getDevice", { params: { deviceId: house.deviceId } });
      expect(device).toMatchObject({ hostname: "PC-EMPFANG", system: "win32", systemName: expect.stringMatching(/^Windows 10 /) });
      expect(device.presence).toMatchObject({ state: "present" });
      const commands = await program("C:\\Hauswart\\hauswart-agent.exe", "status", "--data", "C:\\Hauswart\\data");
      expect(commands).toMatch(/Connection +connected/);
    },
    patienceMs,
  );

  windowsTest(
    "says who is signed in, without a program of its own, until the house does not want it",
    async () => {
      const signedIn = async () => (await house.server.api("getDevice", { params: { deviceId: house.deviceId } })).signedIn;
      await until("the agent to say who is signed in", async () => (await signedIn())?.isCurrent === true);
      expect(await signedIn()).toMatchObject({
        isAsked: true,
        people: [{ name: expect.stringMatching(/^PC-EMPFANG\\/), by: "screen", state: "active" }],
        others: 0,
      });
      await house.server.api("changeSettings", { body: { asksSignedIn: false } });
      expect(await signedIn()).toEqual({ isAsked: false, at: null, isCurrent: false, people: [], others: 0 });
      await house.server.api("changeSettings", { body: { asksSignedIn: true } });
      await until("the agent to say it again", async () => (await signedIn())?.isCurrent === true);
    },
    patienceMs,
  );

  windowsTest(
    "MON-1: a service that is stopped alarms by mail without waiting for the next minute, and is well when it was started",
    async () => {
      const path = "C:\\windows\\system32\\spoolsv.exe";
      await program("sc", "create", "Kasse", "binPath=", path, "start=", "auto", "DisplayName=", "Kassensystem");
      await program("net", "start", "Kasse");
      await subjectOf("services", "Kasse", "not-running", "ok");

      await program("net", "stop", "Kasse");
      const evidence = await subjectOf("services", "Kasse", "not-running", "failure");
      expect(evidence).toMatchObject({ serviceState: "stopped", displayName: "Kassensystem", start: "automatic" });
      const alarm = await house.mails.waitForMail(({ message }) => message.subject?.includes("Kasse") ?? false);
      expect(alarm.message.text).toContain("PC-EMPFANG");

      await program("net", "start", "Kasse");
      await subjectOf("services", "Kasse", "not-running", "ok");
    },
    patienceMs,
  );

  windowsTest(
    "MON-1: the agent starts a service again when it is told to",
    async () => {
      await house.setPolicy([{ check: "services", settings: { restart: true } }]);
      await house.waitForCheck("services", "", ({ subjects }) => subjects.some(({ evidence }) => evidence["restart"] === "not-needed"));
      await program("net", "stop", "Kasse");
      await house.waitForCheck("services", "", ({ subjects }) =>
        subjects.some(({ subject, state, evidence }) => subject === "Kasse" && state === "ok" && evidence["restart"] === "succeeded"),
      );
      expect(await program("sc", "query", "Kasse")).toContain("RUNNING");
    },
    patienceMs,
  );

  windowsTest(
    "MON-2: a volume that fills up is a finding, and is well when there is room again",
    async () => {
      await house.measureNow();
      await subjectOf("disk-space", "D:", "low-space", "ok");
      await house.computer.writeFile("D:\\large.bin", new Uint8Array(62 * 2 ** 20));
      await house.measureNow();
      expect(await subjectOf("disk-space", "D:", "low-space", "failure")).toMatchObject({ totalBytes: 64 * 2 ** 20 });
      const { items } = await house.server.api("listFindings", { query: { state: "open" } });
      expect(items.map(({ code, subject, severity }) => [code, subject, severity])).toContainEqual(["low-space", "D:", "failure"]);
      await program("cmd", "/c", "del", "D:\\large.bin");
      await house.measureNow();
      await subjectOf("disk-space", "D:", "low-space", "ok");
    },
    patienceMs,
  );

  windowsTest(
    "MON-13: data that grow fast on a volume are told of",
    async () => {
      const settings = { warningAboveBytes: 1e6, failureAboveBytes: 2e6, warningAbovePercent: 10, failureAbovePercent: 50 };
      await house.setPolicy([{ check: "disk-growth", settings }]);
      await house.measureNow();
      await subjectOf("disk-growth", "D:", "fast-growth", "ok");
      await house.computer.writeFile("D:\\grown.bin", new Uint8Array(20 * 2 ** 20));
      await house.measureNow();
      await subjectOf("disk-growth", "D:", "fast-growth", "warning");
      await house.computer.writeFile("D:\\grown.bin", new Uint8Array(40 * 2 ** 20));
      await house.measureNow();
      await subjectOf("disk-growth", "D:", "fast-growth", "failure");
    },
    patienceMs,
  );

  windowsTest(
    "MON-6: processors and memory are measured, and judged by the thresholds that are set",
    async () => {
      const settings = (memoryBelow: number, loadAbove: number) => [
        { check: "memory", failuresBeforeFinding: 1, settings: { warningBelowPercent: memoryBelow, failureBelowPercent: 0 } },
        { check: "cpu-load", failuresBeforeFinding: 1, settings: { warningAbovePercent: loadAbove, failureAbovePercent: 100 } },
      ];
      await house.setPolicy(settings(0, 100));
      await house.measureNow();
      await house.waitForCheck("memory", "", ({ state }) => state === "ok");
      await house.waitForCheck("cpu-load", "", ({ state }) => state === "ok");

      const busy = house.computer.start(["cmd", "/c", "for /l %i in (0,0,1) do @rem"]);
      await house.setPolicy(settings(100, 1));
      await house.measureNow();
      const memory = await house.waitForCheck("memory", "", ({ state }) => state === "warning");
      expect(Number(memory.subjects[0]!.evidence["totalBytes"])).toBeGreaterThan(2 ** 28);
      const load = await house.waitForCheck("cpu-load", "", ({ state }) => state === "warning");
      expect(Number(load.subjects[0]!.evidence["averagePercent"])).toBeGreaterThan(1);
      await busy.kill();
    },
    patienceMs,
  );
});
