/** The Security log of Windows and the unified log of macOS, on made entries of the form that the systems write. */
import { describe, expect, test } from "bun:test";
import type { Memory } from "@hauswart/agent/collector.ts";
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import type { WindowsEvent } from "@hauswart/agent/os/windows/calls.ts";
import { madeEvent, madeEventLog } from "@hauswart/agent/testing/made-event-log.ts";
import { failedLogins } from "../protocol.ts";
import collectors from "./index.ts";

const now = Date.UTC(2026, 10, 22, 12);
const minute = 60_000;

function agentOn(system: "win32" | "darwin", os: Os) {
  const memory: Memory = { values: new Map(), kept: {} };
  return {
    measure: async (changes: object = {}) => {
      const answer = await collectors[0]!.collect(
        { system, selection: failedLogins.selection.parse(changes), instance: "", os, signal: AbortSignal.timeout(10_000), now: () => now },
        memory,
      );
      if (!("ok" in answer)) throw new Error(JSON.stringify(answer));
      Object.assign(memory.kept, JSON.parse(JSON.stringify(memory.kept)));
      return failedLogins.sample.parse(answer.ok);
    },
  };
}

describe("Windows", () => {
  const wrong = { Status: "0xc000006d", SubStatus: "0xc000006a", LogonType: "10", IpAddress: "10.0.0.7" };
  const sid = "S-1-5-21-1-2-3-500";

  /** Accounts by the names that lead to them. */
  function house(sids: () => Readonly<Record<string, string>> = () => ({})) {
    let log: WindowsEvent[] = [];
    const events = madeEventLog(() => log, ["Security"]);
    const accountSid = async (name: string) => sids()[name.toLowerCase()];
    const agent = agentOn("win32", { windows: async () => ({ events, accountSid }) } as unknown as Os);
    return {
      ...agent,
      asked: events.asked,
      write: (eventId: number, data: Record<string, string>, at = now - minute) =>
        void log.push(madeEvent(log.length + 1, { channel: "Security", eventId, at, data })),
      empty: () => void (log = []),
    };
  }

  test("failures are counted once; only of an account that failed often a success is asked for", async () => {
    const { measure, write, asked } = house();
    expect(await measure()).toMatchObject({ windowCount: 0, problem: expect.stringContaining("audit policy") });

    for (let time = 0; time < 10; time++) write(4625, { ...wrong, TargetUserName: "anna" });
    write(4776, { TargetUserName: "anna", Workstation: "PC-9", Status: "0xc000006a" });
    write(4625, { ...wrong, TargetUserName: "bert" });
    const failed = await measure();
    expect(failed).toMatchObject({ failedCount: 11, windowCount: 11, problem: "" });
    expect(failed.accounts).toMatchObject([
      { account: "anna", windowCount: 10, lastSource: "10.0.0.7", service: "remote-desktop", succeededAt: null },
      { account: "bert", windowCount: 1 },
    ]);

    write(4624, { TargetUserName: "anna", LogonType: "10", IpAddress: "10.0.0.7" });
    const after = await measure();
    expect(after).toMatchObject({ failedCount: 0, windowCount: 11 });
    expect(after.accounts[0]).toMatchObject({ succeededAt: now - minute, failuresBeforeCount: 11 });
    const successes = asked.filter((query) => query.includes("4624"));
    expect(successes.join()).toContain("Data[@Name='TargetUserName']='anna'");
    expect(successes.join()).not.toContain("bert");
  });

  test("MON-9: a break-in between two readings is told, though the account was not suspect before and others failed after it", async () => {
    const { measure, write } = house();
    await measure();
    write(4624, { TargetUserName: "anna", LogonType: "2" }, now - 5 * minute);
    for (let time = 0; time < 12; time++) write(4625, { ...wrong, TargetUserName: "anna" }, now - 4 * minute);
    write(4624, { TargetUserName: "anna", LogonType: "10", IpAddress: "10.0.0.7" }, now - 3 * minute);
    write(4625, { ...wrong, TargetUserName: "bert" }, now - 2 * minute);
    const { accounts } = await measure();
    expect(accounts[0]).toMatchObject({ account: "anna", succeededAt: now - 3 * minute, failuresBeforeCount: 12 });
    write(4625, { ...wrong, TargetUserName: "bert" }, now - minute);
    expect((await measure()).accounts[0]).toMatchObject({ succeededAt: now - 3 * minute });
  });

  test("a sign-in before the guessing is none of it", async () => {
    const { measure, write } = house();
    write(4624, { TargetUserName: "anna", LogonType: "2" }, now - 20 * minute);
    for (let time = 0; time < 12; time++) write(4625, { ...wrong, TargetUserName: "anna" }, now - 4 * minute);
    expect((await measure()).accounts).toMatchObject([{ windowCount: 12, succeededAt: null }]);
  });

  test("an account is one, however it is written; its sign-ins are asked for by its identifier", async () => {
    const { measure, write } = house(() => ({ "house\\administrator": sid, "anna.muster@house.example": "S-1-5-21-1-2-3-1101" }));
    const writings = ["administrator", "Administrator", "ADMINISTRATOR", "HOUSE\\Administrator", "administrator@house.example"];
    for (const TargetUserName of [...writings, ...writings]) write(4625, { ...wrong, TargetUserName, TargetDomainName: "HOUSE" });
    for (let time = 0; time < 10; time++) write(4625, { ...wrong, TargetUserName: "anna.muster@house.example" });
    write(4624, { TargetUserName: "Administrator", TargetUserSid: sid, LogonType: "3", IpAddress: "10.0.0.8" });
    write(4624, { TargetUserName: "AMuster", TargetUserSid: "S-1-5-21-1-2-3-1101", LogonType: "3", IpAddress: "10.0.0.9" });
    expect((await measure()).accounts).toMatchObject([
      { account: "administrator", windowCount: 10, succeededAt: now - minute, succeededFrom: "10.0.0.8" },
      { account: "anna.muster", windowCount: 10, succeededAt: now - minute, succeededFrom: "10.0.0.9" },
    ]);
  });

  test("when no domain controller answers, it is asked for by name alone", async () => {
    const { measure, write } = house(() => {
      throw new OsError("COLLECT_TIMED_OUT", "LookupAccountName");
    });
    for (let time = 0; time < 10; time++) write(4625, { ...wrong, TargetUserName: "Anna" });
    write(4624, { TargetUserName: "Anna", LogonType: "3" });
    expect((await measure()).accounts).toMatchObject([{ account: "anna", windowCount: 10, succeededAt: now - minute }]);
  });

  test("neither a clock that was set back nor an emptied log counts a failure twice or leaves one out", async () => {
    const { measure, write, empty } = house();
    write(4625, { ...wrong, TargetUserName: "anna" }, now);
    write(4625, { ...wrong, TargetUserName: "anna" }, now - 3 * minute);
    expect(await measure()).toMatchObject({ failedCount: 2 });
    expect(await measure()).toMatchObject({ failedCount: 0 });
    write(4625, { ...wrong, TargetUserName: "anna" }, now - 30 * minute);
    expect(await measure()).toMatchObject({ failedCount: 1, windowCount: 3 });
    empty();
    for (let time = 0; time < 4; time++) write(4625, { ...wrong, TargetUserName: "anna" }, now - minute);
    expect(await measure()).toMatchObject({ failedCount: 4, windowCount: 7 });
    expect(await measure()).toMatchObject({ failedCount: 0, windowCount: 7 });
  });

  test("accounts and computers are left out in any case", async () => {
    const { measure, write } = house();
    write(4625, { ...wrong, TargetUserName: "Scanner", IpAddress: "-", WorkstationName: "PC-9" });
    expect(await measure({ excludeAccounts: ["SCAN*"] })).toMatchObject({ failedCount: 0 });
    write(4625, { ...wrong, TargetUserName: "anna", IpAddress: "-", WorkstationName: "PC-9" });
    expect(await measure({ excludeSources: ["pc-9"] })).toMatchObject({ failedCount: 0 });
  });
});

test("macOS: failures of ssh and sudo", async () => {
  const line = (process: string, eventMessage: string) =>
    JSON.stringify({
      timestamp: "2026-11-22 12:58:00.123456+0100",
      eventType: "logEvent",
      processImagePath: `/usr/bin/${process}`,
      eventMessage,
      threadID: process,
    });
  const stdout = [
    line("sshd", "error: PAM: authentication error for anna from 10.0.0.7"),
    line("sudo", "bert : 3 incorrect password attempts ; TTY=ttys000 ; PWD=/ ; USER=root ; COMMAND=/bin/ls"),
  ].join("\n");
  const os = { run: async () => ({ exitCode: 0, stdout, stderr: "" }) } as unknown as Os;
  const sample = await agentOn("darwin", os).measure();
  expect(sample).toMatchObject({ windowCount: 4, unmeasured: "screen" });
  expect(sample.accounts).toMatchObject([
    { account: "anna", windowCount: 1, lastSource: "10.0.0.7" },
    { account: "bert", windowCount: 3, lastSource: "" },
  ]);
});
