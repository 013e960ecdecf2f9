import { describe, expect, test } from "bun:test";
import { Database } from "bun:sqlite";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { queryDatabase } from "@hauswart/agent/os/read-files.ts";
import type { Os } from "@hauswart/agent/os/os.ts";
import { parseEndings } from "@hauswart/agent/readers/systemd/unit-endings.linux.ts";
import { backupStatus } from "../protocol.ts";
import { duplicati } from "./duplicati.ts";
import { rememberedFrom, tell, type FoundJob } from "./jobs.ts";
import { parseConfiguration, parseLog } from "./rsnapshot.ts";

const day = 86_400_000;
const now = Date.UTC(2026, 10, 22, 10);
const selection = backupStatus.selection.parse({});
const found = (changes: Partial<FoundJob> = {}): FoundJob => ({
  name: "job",
  program: "restic",
  evidence: "service",
  result: "success",
  lastRunAt: now - 1_000,
  lastSuccessAt: now - 1_000,
  runningSince: null,
  problem: "",
  ...changes,
});
const told = (jobs: readonly FoundJob[], before = {}, at = now) => tell({ jobs, programs: [] }, before, selection, at);

describe("memory", () => {
  test("the last success stays known after a failure, and while the next one runs the failure does", () => {
    const first = told([found()]);
    const failed = told([found({ result: "failed", lastRunAt: now, lastSuccessAt: null, problem: "exit-code 1" })], first.remembered);
    expect(failed.sample.jobs[0]).toMatchObject({ result: "failed", lastSuccessAt: now - 1_000, problem: "exit-code 1" });
    const running = told([found({ result: "unknown", lastRunAt: null, lastSuccessAt: null, runningSince: now })], failed.remembered);
    expect(running.sample.jobs[0]).toMatchObject({ result: "failed", runningSince: now, problem: "exit-code 1" });
  });

  test("a job that is gone is told of until it is forgotten, and one that is excluded is not", () => {
    const first = told([found()]);
    expect(told([], first.remembered, now + 59 * day).sample.jobs[0]).toMatchObject({ isThere: false, lastSuccessAt: now - 1_000 });
    expect(told([], first.remembered, now + 61 * day).sample.jobs).toEqual([]);
    const excluded = tell({ jobs: [found()], programs: [] }, first.remembered, { ...selection, exclude: ["jo*"] }, now);
    expect(excluded.sample.jobCount).toBe(0);
  });

  test("goes through a file, and nonsense counts as nothing", () => {
    const { remembered } = told([found({ result: "partial" })]);
    expect(rememberedFrom(JSON.parse(JSON.stringify(remembered)))).toEqual(remembered);
    for (const kept of [undefined, null, 3, [], { a: null }, { a: { program: "x" } }, { a: { ...remembered["job"], result: "maybe" } }])
      expect(rememberedFrom(kept)).toEqual({});
  });

  test("is bounded", () => {
    const many = Array.from({ length: 900 }, (_, index) => found({ name: `job ${index}`, problem: "x".repeat(5_000) }));
    const { sample } = told(many);
    expect(sample.jobs.length).toBe(200);
    backupStatus.sample.parse(sample);
  });
});

test("rsnapshot: the configuration", () => {
  const text = "#retain\talpha\t6\nsnapshot_root\t/srv/backup/\nretain\t\tbeta\t7\nlogfile\t/var/log/r.log\nlockfile\t/run/r.pid\n";
  expect(parseConfiguration(text)).toEqual({ root: "/srv/backup", logFile: "/var/log/r.log", lockFile: "/run/r.pid", level: "beta" });
  expect(parseConfiguration(`${text}sync_first\t1\n`)?.level).toBe("sync");
  expect(parseConfiguration("retain\talpha\t6\n")).toBeUndefined();
  expect(parseConfiguration("")).toBeUndefined();
});

test.each<[string, string[], string, string]>([
  ["success", ["alpha: started", "alpha: completed successfully"], "success", ""],
  [
    "warnings",
    ["alpha: started", "alpha: WARNING: /x vanished", "alpha: completed, but with some warnings"],
    "partial",
    "WARNING: /x vanished",
  ],
  [
    "errors",
    ["alpha: started", "alpha: ERROR: rsync returned 23", "alpha: completed, but with some errors"],
    "failed",
    "ERROR: rsync returned 23",
  ],
  ["another level", ["beta: started", "beta: completed successfully"], "unknown", ""],
  ["nothing", [], "unknown", ""],
])("rsnapshot's log: %s", (_, lines, result, problem) => {
  const log = lines.map((line, index) => `[2026-11-22T04:30:0${index}] /usr/bin/rsnapshot ${line}\n`).join("");
  expect(parseLog(log, "alpha")).toMatchObject({ result: result as never, problem });
});

test("systemd's entries in the journal", () => {
  const line = (fields: Record<string, unknown>) =>
    JSON.stringify({ __REALTIME_TIMESTAMP: "1795322203442000", UNIT: "a.service", ...fields });
  const endings = parseEndings(
    [
      line({ MESSAGE_ID: "98e322203f7a4ed290d09fe03c09fe15", EXIT_STATUS: "3" }),
      line({ MESSAGE_ID: "d9b373ed55a64feb8242e02dbe79a49c", UNIT_RESULT: "exit-code" }),
      line({ MESSAGE_ID: "7ad2d189f7e94e70a38c781354912448" }),
      line({ UNIT: [1, 2], MESSAGE_ID: "7ad2d189f7e94e70a38c781354912448" }),
      "-- No entries --",
      "{broken",
    ].join("\n"),
  );
  expect([...endings]).toEqual([
    [
      "a.service",
      [
        { result: "failed", endedAtMs: 1_795_322_203_442, problem: "exit-code 3", exitStatus: 3 },
        { result: "success", endedAtMs: 1_795_322_203_442, problem: "", exitStatus: 0 },
      ],
    ],
  ]);
});

test("duplicati: its database, and nothing of it but times and errors", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hauswart-duplicati-"));
  try {
    const path = join(folder, "Duplicati-server.sqlite");
    const database = new Database(path);
    database.run(`create table "Backup" ("ID" integer primary key autoincrement, "Name" text not null, "TargetURL" text not null)`);
    database.run(`create table "Metadata" ("BackupID" integer not null, "Name" text not null, "Value" text not null)`);
    const add = (name: string, words: Record<string, string>) => {
      const { lastInsertRowid } = database.run("insert into Backup (Name, TargetURL) values (?, 'ftp://user:secret@x')", [name]);
      for (const [word, value] of Object.entries(words))
        database.run("insert into Metadata values (?, ?, ?)", [lastInsertRowid, word, value]);
    };
    add("Akten", { LastBackupStarted: "20261122T020000Z", LastBackupFinished: "20261122T021500Z", BackupListCount: "3" });
    add("Fotos", { LastBackupFinished: "20261120T021500Z", LastErrorDate: "20261122T030000Z", LastErrorMessage: "No space left" });
    add("Neu", {});
    add("Laufend", { LastBackupStarted: "20261122T090000Z", LastBackupFinished: "20261121T090000Z" });
    database.close();
    const os: Partial<Os> = {
      fileInfo: async (wanted) =>
        wanted.startsWith("/var/lib/duplicati") ? { kind: "file", sizeBytes: 1, modifiedAtMs: 1, changedAtMs: 1 } : undefined,
      queryDatabase: (_, query) => queryDatabase(path, query),
    };
    const { jobs } = await duplicati.read({ os: os as Os, selection, nowMs: now, values: new Map() });
    expect(
      jobs.map(({ name, result, lastSuccessAt, runningSince, problem }) => [name, result, lastSuccessAt, runningSince, problem]),
    ).toEqual([
      ["duplicati Akten", "success", Date.UTC(2026, 10, 22, 2, 15), null, ""],
      ["duplicati Fotos", "failed", Date.UTC(2026, 10, 20, 2, 15), null, "No space left"],
      ["duplicati Neu", "unknown", null, null, ""],
      ["duplicati Laufend", "success", Date.UTC(2026, 10, 21, 9), Date.UTC(2026, 10, 22, 9), ""],
    ]);
    await expect(queryDatabase(join(folder, "none"), "select 1")).rejects.toMatchObject({ code: "COLLECT_UNREADABLE" });
    await expect(queryDatabase(path, "insert into Backup (Name, TargetURL) values ('x', 'y')")).rejects.toMatchObject({
      code: "COLLECT_UNREADABLE",
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
