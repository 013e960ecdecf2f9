import { describe, expect, test } from "bun:test";
import type { SelfFacts } from "./self-facts.ts";
import { judgeSelf } from "./self-judge.ts";

const hour = 3_600_000;
const day = 24 * hour;
const nowMs = Date.UTC(2026, 10, 22, 12);

const hourly = { cron: "5 * * * *", scheduledSinceMs: nowMs - 100 * day };
const daily = { ...hourly, cron: "40 2 * * *" };
const monthly = { ...hourly, cron: "30 3 1 * *" };

const well: SelfFacts = {
  nowMs,
  upSinceMs: nowMs - day,
  installedAtMs: nowMs - 100 * day,
  drills: [],
  idleCalendars: [],
  mails: { stuck: 0, refused: 0 },
  unreachable: [],
  mailbox: { failingSinceMs: undefined, problem: "" },
  disk: { folder: "/data", freeBytes: 50e9, totalBytes: 100e9 },
  isDatabaseFull: false,
  chores: [{ name: "history", ...hourly, failure: undefined, doneAtMs: nowMs - hour }],
  unsealedForMs: 2_000,
  backup: { lastSuccess: { atMs: nowMs - 12 * hour, file: "a", fileBytes: 1, isEncrypted: true }, lastFailure: null },
  certificateEndsAtMs: nowMs + 60 * day,
  clockOffsetsMs: [10, -300, 40_000, 5],
  quarantined: { messages: 0, devices: 0 },
};
const success = (ageMs: number) => ({ ...well.backup, lastSuccess: { ...well.backup.lastSuccess!, atMs: nowMs - ageMs } });
const returned = (untold: number) => ({
  subject: "a@b.example",
  channel: "mail" as const,
  via: "returned" as const,
  sinceMs: nowMs - hour,
  reason: "550 5.1.1 no",
  untold,
  dailyMailOf: "",
});
const failing = (forMs: number) => ({ failingSinceMs: nowMs - forMs, problem: "ECONNREFUSED" });
const judged = (change: Partial<SelfFacts>, open?: "warning" | "failure") =>
  judgeSelf({ ...well, ...change }, () => open).map(({ code, severity, subject }) =>
    [code, severity, ...(subject ? [subject] : [])].join(" "),
  );

test("a server that is well has nothing to say", () => {
  expect(judged({})).toEqual([]);
});

describe("what is not well", () => {
  test.each<[string, Partial<SelfFacts>, string[]]>([
    [
      "a calendar for service without working days",
      { idleCalendars: [{ name: "Servicezeit", isHouse: true, places: 2 }] },
      ["calendar-without-days warning Servicezeit"],
    ],
    ["mails wait", { mails: { stuck: 3, refused: 0 } }, ["mail-stuck failure"]],
    ["mails were refused", { mails: { stuck: 0, refused: 1 } }, ["mail-refused warning"]],
    ["mails come back", { unreachable: [returned(0)] }, ["address-unreachable warning a@b.example"]],
    ["alarms come back that nobody else knows of", { unreachable: [returned(2)] }, ["address-unreachable failure a@b.example"]],
    ["no mailbox is to be read", { mailbox: undefined }, []],
    ["the mailbox is away for a moment", { mailbox: failing(15 * 60_000 - 1) }, []],
    ["the mailbox cannot be read", { mailbox: failing(15 * 60_000) }, ["mailbox-unread warning"]],
    ["the mailbox cannot be read for a day", { mailbox: failing(day) }, ["mailbox-unread failure"]],
    ["exactly enough room", { disk: { folder: "/data", freeBytes: 5e9, totalBytes: 1e12 } }, []],
    ["too little room", { disk: { folder: "/data", freeBytes: 5e9 - 1, totalBytes: 1e12 } }, ["disk-low warning"]],
    ["hardly any room", { disk: { folder: "/data", freeBytes: 1e9 - 1, totalBytes: 1e12 } }, ["disk-low failure"]],
    ["no folder to look at", { disk: undefined }, []],
    ["database full", { isDatabaseFull: true }, ["database-full failure"]],
    [
      "a chore failed",
      { chores: [{ name: "history", ...hourly, failure: "no room", doneAtMs: nowMs - hour }] },
      ["chore-failed warning history"],
    ],
    [
      "a chore is overdue",
      { chores: [{ name: "retention", ...daily, failure: undefined, doneAtMs: nowMs - 50 * hour }] },
      ["chore-failed warning retention"],
    ],
    [
      "a new chore has not run yet",
      { chores: [{ name: "retention", ...daily, scheduledSinceMs: nowMs - 20 * hour, failure: undefined, doneAtMs: undefined }] },
      [],
    ],
    [
      "a chore has not run for longer than the queue remembers",
      { chores: [{ name: "retention", ...daily, failure: undefined, doneAtMs: undefined }] },
      ["chore-failed warning retention"],
    ],
    [
      "a monthly chore ran last month",
      { chores: [{ name: "holidays", ...monthly, failure: undefined, doneAtMs: nowMs - 31 * day - 24 * hour }] },
      [],
    ],
    [
      "a monthly chore missed its month",
      { chores: [{ name: "holidays", ...monthly, failure: undefined, doneAtMs: nowMs - 31 * day - 26 * hour }] },
      ["chore-failed warning holidays"],
    ],
    [
      "overdue, but only just started",
      { upSinceMs: nowMs - 60_000, chores: [{ name: "retention", ...daily, failure: undefined, doneAtMs: nowMs - 90 * hour }] },
      [],
    ],
    ["the audit log is not sealed", { unsealedForMs: 11 * 60_000 }, ["audit-unsealed failure"]],
    ["a backup of two days", { backup: success(2 * day) }, []],
    ["a backup that is older", { backup: success(2 * day + 1) }, ["backup-old warning"]],
    ["a backup of more than a week", { backup: success(7 * day + 1) }, ["backup-old failure"]],
    ["a failed backup", { backup: { ...well.backup, lastFailure: { atMs: nowMs, problem: "disk full" } } }, ["backup-failed failure"]],
    [
      "no backup in the first week",
      { installedAtMs: nowMs - day, backup: { lastSuccess: null, lastFailure: null } },
      ["backup-missing hint"],
    ],
    ["no backup after it", { backup: { lastSuccess: null, lastFailure: null } }, ["backup-missing warning"]],
    ["a certificate of three weeks", { certificateEndsAtMs: nowMs + 21 * day }, ["certificate-ends warning"]],
    ["a certificate of three days", { certificateEndsAtMs: nowMs + 3 * day }, ["certificate-ends failure"]],
    ["a renewed certificate that is none", { certificateProblem: "holds no certificate" }, ["certificate-refused warning"]],
    ["a certificate that has ended", { certificateEndsAtMs: nowMs - 1 }, ["certificate-ends failure"]],
    ["no certificate of its own", { certificateEndsAtMs: undefined }, []],
    ["most clocks disagree with this one", { clockOffsetsMs: [-90_000, -91_000, -89_500, 0] }, ["clock-wrong warning"]],
    ["clocks that disagree among themselves", { clockOffsetsMs: [-90_000, 400_000, 900_000] }, []],
    ["two clocks are no witnesses", { clockOffsetsMs: [-90_000, -90_000] }, []],
    ["one device with messages in quarantine", { quarantined: { messages: 9, devices: 1 } }, []],
    ["several devices with messages in quarantine", { quarantined: { messages: 9, devices: 3 } }, ["messages-quarantined failure"]],
  ])("%s", (_, change, expected) => {
    expect(judged(change)).toEqual(expected);
  });
});

describe("ALM-1 alarm drills", () => {
  const drill = (change: Partial<SelfFacts["drills"][number]>) =>
    judged({
      drills: [
        { customerId: "c", customerName: "Muster", sinceMs: nowMs - 100 * day, lastGoodAtMs: undefined, failure: undefined, ...change },
      ],
    });
  test.each<[string, Partial<SelfFacts["drills"][number]>, string[]]>([
    ["confirmed 35 days ago", { lastGoodAtMs: nowMs - 35 * day }, []],
    ["confirmed longer ago", { lastGoodAtMs: nowMs - 35 * day - 1 }, ["drill-overdue warning Muster"]],
    ["never confirmed, wanted for long", {}, ["drill-overdue warning Muster"]],
    ["never confirmed, wanted since lately", { sinceMs: nowMs - 35 * day }, []],
    ["wanted anew since lately, confirmed long ago", { sinceMs: nowMs - day, lastGoodAtMs: nowMs - 90 * day }, []],
    ["the last one failed", { lastGoodAtMs: nowMs - day, failure: "not-confirmed" }, ["drill-failed warning Muster"]],
    ["failed, and overdue as well", { failure: "not-mailed" }, ["drill-failed warning Muster"]],
  ])("%s", (_, change, expected) => expect(drill(change)).toEqual(expected));
  test("each customer is judged by itself", () => {
    const one = { customerId: "c", customerName: "A", sinceMs: nowMs - 100 * day, lastGoodAtMs: nowMs - day, failure: undefined };
    expect(judged({ drills: [one, { ...one, customerName: "B", lastGoodAtMs: nowMs - 40 * day }] })).toEqual(["drill-overdue warning B"]);
  });
});

test("room that wavers around the limit keeps its finding until there is a tenth more", () => {
  const disk = (freeBytes: number) => ({ disk: { folder: "/data", freeBytes, totalBytes: 1e12 } });
  expect(judged(disk(5.2e9), "warning")).toEqual(["disk-low warning"]);
  expect(judged(disk(5.5e9), "warning")).toEqual([]);
  expect(judged(disk(1.05e9), "failure")).toEqual(["disk-low failure"]);
  expect(judged(disk(1.2e9), "failure")).toEqual(["disk-low warning"]);
});
