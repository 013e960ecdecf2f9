import { describe, expect, test } from "bun:test";
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import { services } from "../protocol.ts";
import { parseJobList } from "./launchd.macos.ts";
import { openServiceManager } from "./read-services.macos.ts";
import type { ObservedService } from "./service-manager.ts";

const minute = 60_000;
const start = Date.UTC(2026, 10, 22);
const plist = (label: string, inside: string) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0"><dict><key>Label</key><string>${label}</string><key>ProgramArguments</key><array><string>/opt/${label}/bin/daemon</string></array>${inside}</dict></plist>`;
const always = "<key>KeepAlive</key><true/>";
const atStart = "<key>RunAtLoad</key><true/>";

/** A Mac with daemons of other makers; its list changes as the test says. */
function mac(daemons: Record<string, string>, overrides = "") {
  const jobs = new Map<string, [processId: number, lastExit: number]>();
  let reads = 0;
  const ran: string[] = [];
  const files: Record<string, string> = Object.fromEntries(
    Object.entries(daemons).map(([label, inside]) => [`/Library/LaunchDaemons/${label}.plist`, plist(label, inside)]),
  );
  if (overrides) files["/var/db/com.apple.xpc.launchd/disabled.plist"] = `<plist version="1.0"><dict>${overrides}</dict></plist>`;
  const os = {
    listDirectory: async () => [...Object.keys(daemons).map((label) => `${label}.plist`), ".DS_Store", "notes.txt"],
    fileInfo: async (path: string) => (files[path] ? { kind: "file", sizeBytes: files[path].length, modifiedAtMs: 1 } : undefined),
    readFile: async (path: string) => {
      if (path.startsWith("/Library")) reads++;
      if (files[path] === undefined) throw new OsError("COLLECT_UNREADABLE", path);
      return files[path];
    },
    run: async (program: string, words: readonly string[]) => {
      ran.push([program, ...words].join(" "));
      const [word, , target = ""] = words;
      if (word === "bootstrap") {
        const label = target.slice("/Library/LaunchDaemons/".length, -".plist".length);
        if (files[target] === undefined || jobs.has(label))
          return { exitCode: 5, stdout: "", stderr: "Bootstrap failed: 5: Input/output error\n" };
        jobs.set(label, [/KeepAlive|RunAtLoad/.test(files[target]) ? 4_712 : 0, 0]);
        return { exitCode: 0, stdout: "", stderr: "" };
      }
      if (word === "kickstart") {
        const label = target.replace("system/", "");
        if (!jobs.has(label)) return { exitCode: 113, stdout: "", stderr: `Could not find service "${label}" in domain for system\n` };
        jobs.set(label, [4_711, 0]);
        return { exitCode: 0, stdout: "", stderr: "" };
      }
      const rows = [...jobs].map(([label, [processId, status]]) => `${processId || "-"}\t${status}\t${label}`);
      return { exitCode: 0, stdout: `PID\tStatus\tLabel\n${rows.join("\n")}\n`, stderr: "" };
    },
  } as unknown as Os;
  const manager = openServiceManager(os);
  return {
    jobs,
    ran,
    readFiles: () => reads,
    manager,
    read: async (changes: object = {}, atMs = start) => {
      const answer = await manager.read(services.selection.parse(changes), atMs);
      if (!("ok" in answer)) throw new Error(JSON.stringify(answer));
      return answer.ok;
    },
  };
}
const brief = (rows: readonly ObservedService[]) =>
  rows.map(({ name, watchedAs, state, start: how }) => `${name} ${watchedAs} ${how} ${state}`);

test("launchctl's list: processes, exit codes, signals; other lines are none", () => {
  const list =
    "PID\tStatus\tLabel\n-\t0\tcom.apple.storedownloadd.daemon\n106\t0\tcom.apple.coreservicesd\n-\t78\torg.example.broken\n-\t-9\torg.example.killed\nnonsense\n";
  expect([...parseJobList(list)]).toEqual([
    ["com.apple.storedownloadd.daemon", { processId: 0, lastExit: 0 }],
    ["com.apple.coreservicesd", { processId: 106, lastExit: 0 }],
    ["org.example.broken", { processId: 0, lastExit: 78 }],
    ["org.example.killed", { processId: 0, lastExit: -9 }],
  ]);
});

describe("MON-1: what should run on a Mac", () => {
  test("daemons that launchd keeps running are looked at; jobs only when they failed; Apple's own when they are listed", async () => {
    const computer = mac({
      "org.example.backup": always,
      "org.example.gone": always,
      "org.example.crashed": always,
      "org.example.off": `${always}<key>Disabled</key><true/>`,
      "org.example.once": atStart,
      "org.example.nightly": "<key>StartCalendarInterval</key><dict><key>Hour</key><integer>3</integer></dict>",
      "org.example.socket": "<key>Sockets</key><dict/>",
      "org.example.helper": `${atStart}<key>KeepAlive</key><dict><key>SuccessfulExit</key><false/></dict>`,
    });
    for (const [label, processId, status] of [
      ["org.example.backup", 210, 0],
      ["org.example.crashed", 0, -11],
      ["org.example.once", 0, 0],
      ["org.example.nightly", 0, 1],
      ["org.example.socket", 0, 1],
      ["org.example.helper", 0, 0],
      ["com.apple.syslogd", 43, 0],
      ["com.apple.emond", 0, 0],
    ] as const)
      computer.jobs.set(label, [processId, status]);
    const rows = await computer.read();
    expect(brief(rows)).toEqual([
      "org.example.backup automatic automatic running",
      "org.example.crashed automatic automatic failed",
      "org.example.gone automatic automatic stopped",
      "org.example.nightly failed by-others failed",
    ]);
    expect(rows.map(({ problem }) => problem)).toEqual(["", "signal 11", "", "exit-code 1"]);
    expect(rows[0]!.displayName).toBe("daemon");
    expect(brief(await computer.read({ watch: "listed", listed: ["com.apple.*", "org.example.missing", "org.example.off"] }))).toEqual([
      "com.apple.emond listed unknown stopped",
      "com.apple.syslogd listed unknown running",
      "org.example.missing listed unknown missing",
      "org.example.off listed deactivated stopped",
    ]);
    expect(brief(await computer.read({ exclude: ["org.example.*"] }))).toEqual([]);
    expect(computer.readFiles()).toBe(8);
  });

  test("what an administrator switched wins over the property list", async () => {
    const computer = mac(
      { "org.example.a": always, "org.example.b": `${always}<key>Disabled</key><true/>` },
      "<key>org.example.a</key><true/><key>org.example.b</key><false/>",
    );
    computer.jobs.set("org.example.b", [5, 0]);
    expect(brief(await computer.read())).toEqual(["org.example.b automatic automatic running"]);
  });

  test("a job that failed is told of once more when it is well, and then not", async () => {
    const computer = mac({ "org.example.once": atStart });
    const run = async (processId: number, lastExit: number) => {
      computer.jobs.set("org.example.once", [processId, lastExit]);
      return brief(await computer.read());
    };
    expect([await run(0, 2), await run(0, 0), await run(0, 0)]).toEqual([
      ["org.example.once failed automatic failed"],
      ["org.example.once failed automatic finished"],
      [],
    ]);
  });

  test("a daemon that comes back under another number was restarted by launchd; what stands still keeps its time", async () => {
    const computer = mac({ "org.example.a": always, "org.example.b": always });
    for (let round = 0; round < 4; round++) {
      computer.jobs.set("org.example.a", [100 + round, 0]);
      computer.jobs.set("org.example.b", [0, 1]);
      const rows = await computer.read({}, start + round * minute);
      expect(rows.map(({ ownRestartCount, stateSince }) => [ownRestartCount, stateSince])).toEqual([
        [round, null],
        [0, start],
      ]);
    }
  });

  test("a restart that works, and one that does not", async () => {
    const computer = mac({ "org.example.a": always });
    computer.jobs.set("org.example.a", [0, 1]);
    expect(await computer.manager.restart("org.example.a")).toEqual({ succeeded: true, detail: "" });
    expect(computer.ran).toContain("launchctl kickstart -k system/org.example.a");
    expect((await computer.manager.restart("org.example.b")).detail).toContain("no property list");
  }, 15_000);

  test("the agent's own restarts are none of launchd's", async () => {
    const computer = mac({ "org.example.a": always });
    computer.jobs.set("org.example.a", [100, 0]);
    await computer.read();
    for (let round = 1; round <= 2; round++) {
      computer.jobs.set("org.example.a", [0, 1]);
      await computer.read({}, start + round * minute);
      expect((await computer.manager.restart("org.example.a")).succeeded).toBe(true);
      const [row] = await computer.read({}, start + round * minute);
      expect(row).toMatchObject({ state: "running", ownRestartCount: round - 1 });
      computer.jobs.set("org.example.a", [100 + round, 0]);
      expect((await computer.read({}, start + round * minute + 1))[0]).toMatchObject({ ownRestartCount: round });
    }
  }, 15_000);

  test("a job that was booted out is handed to launchd again", async () => {
    const computer = mac({ "org.example.a": always, "org.example.b": "<key>Sockets</key><dict/>" });
    computer.jobs.set("com.apple.syslogd", [43, 0]);
    await computer.read();
    expect(await computer.manager.restart("org.example.a")).toEqual({ succeeded: true, detail: "" });
    expect(await computer.manager.restart("org.example.b")).toEqual({ succeeded: true, detail: "" });
    expect(computer.ran.filter((one) => one !== "launchctl list")).toEqual([
      "launchctl bootstrap system /Library/LaunchDaemons/org.example.a.plist",
      "launchctl bootstrap system /Library/LaunchDaemons/org.example.b.plist",
      "launchctl kickstart -k system/org.example.b",
    ]);
  }, 15_000);

  test("a list that shows nothing is a failure", async () => {
    const computer = mac({ "org.example.a": always });
    await expect(computer.read()).rejects.toMatchObject({ code: "COLLECT_UNREADABLE" });
  });
});
