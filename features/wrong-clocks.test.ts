/** A computer whose clock is wrong is judged as one whose clock is right: message by message through the server's intake, and from what it stores. */
import { describe, expect, test } from "bun:test";
import type { SampleOf } from "@hauswart/protocol/check.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import type { Batch } from "@hauswart/protocol/wire/messages.ts";
import { CheckLayouts } from "@hauswart/server/ingest/check-layout.ts";
import { compileChecks } from "@hauswart/server/ingest/compiled-checks.ts";
import { DeviceMemory } from "@hauswart/server/ingest/device-memory.ts";
import { takeInBatch } from "@hauswart/server/ingest/take-in-batch.ts";
import { silentLogger } from "@hauswart/server/operation/log.ts";
import { InstanceReplay } from "@hauswart/server/replay/instance-replay.ts";
import { workingWeek } from "@hauswart/testkit/working-week.ts";
import type { certificates } from "./certificates/protocol.ts";
import type { eventLog } from "./event-log/protocol.ts";
import type { failedLogins } from "./failed-logins/protocol.ts";
import judgedChecks from "./registry/server.ts";
import type { services } from "./services/protocol.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const startMs = Date.UTC(2026, 10, 22, 12);
const checks = compileChecks(new Map(judgedChecks.map((judged) => [judged.definition.id, judged as never])));

/** What is measured at a moment, told by a clock: `by` says what it shows then. */
type Measure = (by: (atMs: number) => number) => Readonly<Record<string, unknown>>;
/** Minutes after the start, and what is measured then. */
type Course = readonly (readonly [minute: number, measure: Measure])[];

/**
 * Sends a course by a clock that is off. @param underWayMs how long each message is under way.
 * @returns what is raised, and what a replay of what is stored raises.
 */
function play(id: string, course: Course, clockOffsetMs: number, underWayMs: readonly number[] = []) {
  const check = checks.get(id)!;
  const row = {
    number: 0,
    check_id: id,
    instance: "",
    every_seconds: 300,
    daily_at_hour: null,
    failures_before_finding: 1,
    selection: "{}",
    selection_version: 1,
    damping: "{}",
    judgement: "{}",
    settings_key: "",
  };
  const layout = new CheckLayouts(checks, silentLogger).layoutOf([row]);
  const device = new DeviceMemory({ providerId: newId(), customerId: newId(), siteId: newId(), deviceId: newId() }, 1, newId(), layout);
  const rule = { judgement: layout.plans[0]!.judgement, failuresBeforeFinding: 1, damping: undefined };
  const replay = new InstanceReplay(check, [rule], workingWeek);
  const facts = new Map<number, Record<string, unknown>>();
  const raised: object[] = [];
  for (const [index, [minute, measure]] of course.entries()) {
    const receivedAtMs = startMs + minute * minuteMs;
    const at = receivedAtMs + clockOffsetMs;
    const sample = { check: 0, at, selectionVersion: 1, tookMs: 1, ok: measure((atMs) => atMs + clockOffsetMs) };
    const batch = {
      type: "batch",
      stream: device.streamId,
      sequence: index + 1,
      sentAt: at - (underWayMs[index] ?? 0),
      samples: [sample],
    } as Batch;
    const needs = {
      judgeFailed: (_check: string, error: unknown) => {
        throw error;
      },
      calendarOf: () => {
        throw new Error("none of them counts working days");
      },
    };
    const taken = takeInBatch(needs, device, { batch, text: JSON.stringify(batch), receivedAtMs });
    if (taken.kind !== "taken") throw new Error(taken.kind);
    const { batch: written } = taken;
    expect(written.misfits).toEqual([]);
    for (const { factNumber, body } of written.facts) facts.set(factNumber, JSON.parse(body) as Record<string, unknown>);
    const { factNumbers, agesMs, values } = written.samples;
    replay.sample({
      atMs: written.receivedAtMs - agesMs[0]!,
      fact: facts.get(factNumbers[0]!)!,
      values: values.map((value) => (Number.isNaN(value) ? null : value)),
    });
    const own = written.findings.filter(({ scope }) => scope.check === id);
    raised.push(...own.map((change) => ({ ...change, scope: undefined })));
  }
  const replayed = replay.traces[0]!.findings.map(({ code, subject, openedMs, closedMs }) => ({ code, subject, openedMs, closedMs }));
  return { raised, replayed, factCount: facts.size };
}

const eventLogAt =
  (raisedMs: number): Measure =>
  (by): SampleOf<typeof eventLog> => ({
    matchedCount: 1,
    readCount: 1,
    unreadCount: 0,
    problem: "",
    rules: [
      {
        rule: "disk-error",
        isOwn: false,
        severity: "failure",
        windowCount: 4,
        windowMinuteCount: 60,
        fromCount: 1,
        lastAt: by(raisedMs),
        raisedAt: by(raisedMs),
        source: "kernel",
        eventId: "",
        texts: "I/O error, dev sda, sector 8",
      },
    ],
    matches: [{ at: by(raisedMs), rule: "disk-error", source: "kernel", eventId: "", text: "I/O error, dev sda, sector 8" }],
  });

const signInAt =
  (atMs: number): Measure =>
  (by): SampleOf<typeof failedLogins> => ({
    failedCount: 0,
    windowCount: 9,
    windowMinuteCount: 60,
    unreadCount: 0,
    problem: "",
    accounts: [
      {
        account: "anna",
        windowCount: 9,
        sourceCount: 1,
        lastAt: by(atMs - minuteMs),
        lastSource: "10.0.0.7",
        service: "sshd",
        succeededAt: by(atMs),
        succeededFrom: "10.0.0.7",
        failuresBeforeCount: 9,
        lockedAt: by(atMs - minuteMs),
      },
    ],
    sources: [],
  });

const startingSince =
  (sinceMs: number): Measure =>
  (by): SampleOf<typeof services> => ({
    watchedCount: 1,
    runningCount: 0,
    services: [
      {
        name: "Spooler",
        displayName: "Print spooler",
        start: "automatic",
        watchedAs: "automatic",
        state: "starting",
        stateSince: by(sinceMs),
        problem: "",
        ownRestartCount: 0,
        restart: "off",
        restartsIn24HoursCount: 0,
        restartedAt: null,
      },
    ],
    restarts: [],
  });

const courses: Readonly<Record<string, Course>> = {
  "event-log": [0, 5, 23 * 60, 25 * 60].map((minute) => [minute, eventLogAt(startMs - minuteMs)] as const),
  "failed-logins": [0, 5, 65, 25 * 60].map((minute) => [minute, signInAt(startMs - minuteMs)] as const),
  services: [0, 2, 4, 6].map((minute) => [minute, startingSince(startMs - minuteMs)] as const),
};
const kinds = (changes: readonly object[]) => (changes as { kind: string; code: string }[]).map(({ kind, code }) => `${kind} ${code}`);

describe.each([
  ["MON-4", "event-log", ["open event", "close event"]],
  ["MON-9", "failed-logins", ["open success-after-failures", "open locked-out", "close locked-out", "close success-after-failures"]],
  ["MON-1", "services", ["open not-running"]],
])("%s %s", (_promise, id, expected) => {
  const right = play(id, courses[id]!, 0);
  test("by a right clock raises what it should", () => {
    expect(kinds(right.raised).toSorted()).toEqual(expected.toSorted());
    expect(right.replayed).toHaveLength(expected.filter((change) => change.startsWith("open")).length);
  });
  test.each([
    ["two days fast", 2 * dayMs],
    ["two days slow", -2 * dayMs],
    ["six minutes fast", 6 * minuteMs],
    ["six minutes slow", -6 * minuteMs],
  ])("by a clock that is %s raises the same at the same times, with the same evidence, and so does its replay", (_clock, offsetMs) => {
    expect(play(id, courses[id]!, offsetMs)).toEqual(right);
  });
});

test("MON-4 messages that are under way for a while do not make what is stored be written anew", () => {
  const right = play("event-log", courses["event-log"]!, 0);
  expect(right.factCount).toBe(1);
  const off = play("event-log", courses["event-log"]!, 2 * dayMs + 11_400, [0, 1_700, 300, 4_200]);
  expect(kinds(off.raised)).toEqual(kinds(right.raised));
  expect(off.factCount).toBe(1);
});

test("the end of a certificate is nobody's clock: it stays where it is", () => {
  const ending: Course = [
    [
      0,
      (): SampleOf<typeof certificates> => ({
        certificateCount: 1,
        certificates: [
          {
            place: "/etc/ssl/private/mail.pem",
            name: "mail.example.com",
            issuer: "Example CA",
            validFrom: startMs - 300 * dayMs,
            validUntil: startMs + dayMs,
            fingerprint: "00",
            problem: "",
          },
        ],
      }),
    ],
  ];
  const right = play("certificates", ending, 0);
  expect(kinds(right.raised)).toEqual(["open expiring"]);
  expect(play("certificates", ending, 3 * dayMs)).toEqual(right);
});
