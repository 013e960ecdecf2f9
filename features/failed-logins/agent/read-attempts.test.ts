/** The Security log of Windows and the unified log of macOS, on made entries of the form that the systems write. */
import { expect, test } from "bun:test";
import type { Memory } from "@hauswart/agent/collector.ts";
import type { Os } from "@hauswart/agent/os/os.ts";
import type { WindowsEvent } from "@hauswart/agent/os/windows/calls.ts";
import { failedLogins } from "../protocol.ts";
import collectors from "./index.ts";

const now = Date.UTC(2026, 10, 22, 12);
const minute = 60_000;

function agentOn(system: "win32" | "darwin", os: Os) {
  const memory: Memory = { values: new Map(), kept: {} };
  return {
    measure: async () => {
      const answer = await collectors[0]!.collect(
        { system, selection: failedLogins.selection.parse({}), instance: "", os, signal: AbortSignal.timeout(10_000), now: () => now },
        memory,
      );
      if (!("ok" in answer)) throw new Error(JSON.stringify(answer));
      Object.assign(memory.kept, JSON.parse(JSON.stringify(memory.kept)));
      return failedLogins.sample.parse(answer.ok);
    },
  };
}

test("Windows: failures are counted once; only of an account that failed often a success is asked for", async () => {
  const log: WindowsEvent[] = [];
  const asked: string[] = [];
  const write = (eventId: number, data: Record<string, string>, at = now - minute) =>
    void log.push({
      channel: "Security",
      provider: "Microsoft-Windows-Security-Auditing",
      eventId,
      level: 0,
      keywords: 0n,
      recordId: BigInt(log.length + 1),
      at,
      computer: "PC-7",
      userSid: null,
      data,
      message: "",
    });
  const read = async (_: string, query: string, after: bigint | undefined, limit: number) => {
    asked.push(query);
    const ids = [...query.matchAll(/EventID=(\d+)/g)].map(([, id]) => Number(id));
    const [, sign, since] = /@SystemTime(>=?)'([^']+)'/.exec(query) ?? [];
    return log
      .filter((one) => (ids.length === 0 || ids.includes(one.eventId)) && (after === undefined || one.recordId > after))
      .filter(({ at }) => since === undefined || (sign === ">" ? at > Date.parse(since) : at >= Date.parse(since)))
      .slice(0, limit);
  };
  const os = { windows: async () => ({ events: { read, channels: async () => ["Security"] } }) } as unknown as Os;
  const agent = agentOn("win32", os);
  expect(await agent.measure()).toMatchObject({ windowCount: 0, problem: expect.stringContaining("audit policy") });

  const wrong = { TargetUserName: "anna", Status: "0xc000006d", SubStatus: "0xc000006a", LogonType: "10", IpAddress: "10.0.0.7" };
  for (let time = 0; time < 10; time++) write(4625, wrong);
  write(4776, { TargetUserName: "anna", Workstation: "PC-9", Status: "0xc000006a" });
  const failed = await agent.measure();
  expect(failed).toMatchObject({ failedCount: 10, windowCount: 10, problem: "" });
  expect(failed.accounts).toMatchObject([{ account: "anna", lastSource: "10.0.0.7", service: "remote-desktop", succeededAt: null }]);
  expect(asked.join()).not.toContain("4624");

  write(4624, { TargetUserName: "anna", LogonType: "10", IpAddress: "10.0.0.7" });
  const after = await agent.measure();
  expect(after).toMatchObject({ failedCount: 0, windowCount: 10 });
  expect(after.accounts).toMatchObject([{ succeededAt: now - minute, failuresBeforeCount: 10 }]);
  expect(asked.join()).toContain("Data[@Name='TargetUserName']='anna'");
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
  expect(sample.windowCount).toBe(4);
  expect(sample.accounts).toMatchObject([
    { account: "anna", windowCount: 1, lastSource: "10.0.0.7" },
    { account: "bert", windowCount: 3, lastSource: "" },
  ]);
});
