import { basename } from "node:path";
import { describe, expect, test } from "bun:test";
import { generatorOf } from "@hauswart/testkit/generate.ts";
import { createLog } from "../log.ts";
import { BrittleFolder } from "../testing/brittle-folder.ts";
import { PowerCut } from "../testing/brittle-files.ts";
import { FakeClock } from "../testing/fake-clock.ts";
import { envelopeOf, makeReleaseKey, manifestOf, statementOf } from "../testing/made-up-release.ts";
import { keepPrevious, previousOf, replaceExecutable, restoreExecutable, type Program } from "./executable.ts";
import { chooseForRun, startsFile, takenBackFile, type Choice } from "./loader.ts";
import { bundleName, checkSlot, envelopeName } from "./slots.ts";
import { endTrial, readState, writeState } from "./state.ts";
import { Updater, type UpdaterNeeds } from "./updater.ts";

const key = makeReleaseKey();
const nextKey = makeReleaseKey();
const thirdKey = makeReleaseKey();
const application = new TextEncoder().encode("// an application\n".repeat(500));

const oldProgram = new TextEncoder().encode("an executable\n".repeat(500));
/** Where the service manager of Windows has written down from which file it starts the service. */
const serviceFile = "service";

/** A computer whose agent can be offered releases, and started again. @param isWindows a file of a program that runs is not replaced at one stroke */
function computer(change: Partial<UpdaterNeeds> = {}, random: () => number = Math.random, isWindows = false) {
  const files = new BrittleFolder(random);
  const clock = new FakeClock();
  const lines: string[] = [];
  const reports: { state: string; code: string; version: string }[] = [];
  const needs = {
    files,
    keys: { number: 1, keys: [key.publicKey, nextKey.publicKey] },
    system: "linux",
    loader: 2,
    runtime: "1.4.5",
    builtIn: "1.0.0",
    now: clock.now,
    complain: (line: string) => lines.push(line),
  };
  files.provide("agent", oldProgram);
  const runFrom = async (path: string) => files.replace(serviceFile, basename(path));
  const program: Program = { files, name: "agent", ...(isWindows ? { runFrom } : {}) };
  const restored: boolean[] = [];
  const putBack = async (sha256: string | undefined) => {
    const isRestored = await restoreExecutable(program, sha256);
    restored.push(isRestored);
    return isRestored;
  };
  let restarts = 0;
  const start = () => chooseForRun({ ...needs, restoreExecutable: putBack });
  /** What the service manager finds when the computer starts. */
  const runningFile = () => files.read(Buffer.from(files.read(serviceFile) ?? []).toString() || program.name);
  const updater = (choice: Choice) =>
    new Updater({
      ...needs,
      host: {
        loader: needs.loader,
        target: "linux-x64",
        updateFolder: "",
        running: choice.running,
        trial: choice.trial,
        ended: undefined,
        assets: {},
        startAgain: () => process.exit(),
      },
      version: choice.trial?.version ?? (choice.running === "built-in" ? needs.builtIn : (readState(files).newest ?? "")),
      clock,
      log: createLog((line) => lines.push(line), clock.now),
      serverTime: clock.now,
      freeBytes: async () => 1e12,
      askVersion: async (_program, slot) => (await checkSlot(needs, slot!)).version,
      fetchFile: async (file) => {
        files.remove("download.part");
        for (let at = 0; at < application.length; at += 2_000) files.append("download.part", application.subarray(at, at + 2_000));
        files.sync("download.part");
        if (files.hash("download.part") !== file.sha256) throw new Error("hash");
        return "download.part";
      },
      stageExecutable: (name) => {
        files.keep(name, "agent.update");
        return "agent.update";
      },
      keepPrevious: () => ({ previousExecutable: previousOf("agent"), previousSha256: keepPrevious(program) }),
      replaceExecutable: () => replaceExecutable(program),
      restoreExecutable: putBack,
      report: (report) => reports.push(report),
      restart: () => void restarts++,
      ...change,
    });
  return { files, clock, reports, lines, restored, runningFile, start, updater, needs, restarts: () => restarts };
}

const offer = (change: Parameters<typeof manifestOf>[1] = {}) => envelopeOf(manifestOf(application, change), key);

/** A release that this executable cannot load. */
const newExecutable = () => {
  const sha256 = new Bun.CryptoHasher("sha256").update(application).digest("hex");
  const file = { kind: "executable", target: "linux-x64", name: "agent", sizeBytes: application.length, sha256 } as const;
  return offer({ version: "3.0.0", minimalRuntime: "2.0.0", files: [file] });
};

describe("an update", () => {
  test("is fetched, tried, and confirmed once the server has welcomed it", async () => {
    const { files, start, updater, reports, restarts } = computer();
    await updater(await start()).offered(offer());
    expect(reports.map(({ state }) => state)).toEqual(["downloading", "starting"]);
    expect(restarts()).toBe(1);
    const choice = await start();
    expect(choice).toMatchObject({ running: "a", trial: { version: "2.0.0" } });
    const trying = updater(choice);
    trying.start();
    expect(trying.hello()).toMatchObject({ isTrial: true, running: "a" });
    trying.welcomed(true);
    expect(readState(files)).toMatchObject({ current: "a", newest: "2.0.0", last: { outcome: "confirmed" } });
    expect(reports.at(-1)).toMatchObject({ state: "confirmed", version: "2.0.0" });
    expect(await start()).toEqual({ running: "a", trial: undefined });
  });

  test("the next one goes into the other slot, and the one before stays whole", async () => {
    const { files, start, updater, needs } = computer();
    for (const version of ["2.0.0", "2.1.0"]) {
      await updater(await start()).offered(offer({ version }));
      updater(await start()).welcomed(true);
    }
    expect(readState(files)).toMatchObject({ current: "b", newest: "2.1.0" });
    expect((await checkSlot(needs, "a")).version).toBe("2.0.0");
  });

  test("that no server welcomes is taken back after the time that its manifest gives it", async () => {
    const { clock, files, start, updater, restarts } = computer();
    await updater(await start()).offered(offer({ confirmSeconds: 60 }));
    updater(await start()).start();
    await clock.advance(59_000);
    expect(restarts()).toBe(1);
    await clock.advance(1_000);
    expect(restarts()).toBe(2);
    expect(readState(files).last).toMatchObject({ outcome: "rolled-back", code: "NO_LINK" });
    expect(await start()).toEqual({ running: "built-in", trial: undefined });
  });

  test("that dies each time it is started is taken back at the third start", async () => {
    const { files, start, updater } = computer();
    await updater(await start()).offered(offer());
    expect([(await start()).running, (await start()).running, (await start()).running]).toEqual(["a", "a", "built-in"]);
    expect(readState(files).last).toMatchObject({ outcome: "rolled-back", code: "DID_NOT_LAST", version: "2.0.0" });
  });

  test("that is told to end in the middle of its trial gets what is left of its time, and no more", async () => {
    const { files, clock, start, updater, restarts } = computer();
    await updater(await start()).offered(offer({ confirmSeconds: 60 }));
    for (let times = 1; times <= 3; times++) {
      const { trial } = await start();
      expect(trial).toMatchObject({ starts: 1 });
      writeState(files, endTrial(readState(files), trial!, { exitCode: 0, isOrdered: true, seconds: 15, atMs: clock.now() }));
    }
    updater(await start()).start();
    await clock.advance(14_000);
    expect(restarts()).toBe(1);
    await clock.advance(1_000);
    expect([restarts(), readState(files).last?.code]).toEqual([2, "NO_LINK"]);
  });

  test.each([0, 1, 86])("that ends by itself with code %d is taken back at once", async (exitCode) => {
    const { files, start, updater } = computer();
    await updater(await start()).offered(offer());
    const { trial } = await start();
    const after = endTrial(readState(files), trial!, { exitCode, isOrdered: false, seconds: 1, atMs: 5 });
    expect([after.trial, after.last]).toEqual([undefined, expect.objectContaining({ code: "CRASHED", outcome: "rolled-back" })]);
  });

  test("the end of a trial that was confirmed, or that another one follows, changes nothing", async () => {
    const { files, start, updater } = computer();
    await updater(await start()).offered(offer());
    const { trial } = await start();
    updater({ running: "a", trial }).welcomed(true);
    const end = { exitCode: 86, isOrdered: false, seconds: 1, atMs: 5 };
    expect(endTrial(readState(files), trial!, end)).toEqual(readState(files));
    await updater(await start()).offered(offer({ version: "2.1.0" }));
    expect(endTrial(readState(files), trial!, end)).toEqual(readState(files));
  });

  test("of an executable that ends by itself keeps its start counted, so that the third puts the one of before back", async () => {
    const { files, start, updater, restored, needs } = computer({ askVersion: async () => "3.0.0" });
    await updater(await start()).offered(newExecutable());
    needs.builtIn = "3.0.0";
    for (let times = 1; times <= 2; times++) {
      const { trial } = await start();
      writeState(files, endTrial(readState(files), trial!, { exitCode: 0, isOrdered: false, seconds: 1, atMs: 5 }));
    }
    expect([await start(), restored]).toEqual([{ running: "built-in", trial: undefined, startAgain: true }, [true]]);
  });

  test("whose file was changed on the disk is not loaded", async () => {
    const { files, start, updater } = computer();
    await updater(await start()).offered(offer());
    files.append(bundleName("a"), new Uint8Array([10]));
    expect((await start()).running).toBe("built-in");
    expect(readState(files).last).toMatchObject({ code: "DAMAGED" });
  });

  test("that does not start in a program of its own is never tried", async () => {
    const { files, start, updater, reports, restarts } = computer({ askVersion: () => Promise.reject(new Error("It ends with code 1")) });
    await updater(await start()).offered(offer());
    expect([reports.at(-1)?.code, restarts(), readState(files).trial]).toEqual(["DOES_NOT_START", 0, undefined]);
  });

  test("for which there is no room is not begun", async () => {
    const { start, updater, reports } = computer({ freeBytes: async () => 1_000 });
    await updater(await start()).offered(offer());
    expect(reports).toMatchObject([{ state: "failed", code: "DISK_FULL" }]);
  });

  test("that needs a newer runtime replaces the executable, and puts it back when nobody welcomes it", async () => {
    const { files, clock, start, updater, restored, restarts, needs } = computer({ askVersion: async () => "3.0.0" });
    await updater(await start()).offered(newExecutable());
    expect(readState(files).trial).toMatchObject({ slot: "executable", previousExecutable: "agent.previous" });
    needs.builtIn = "3.0.0";
    const choice = await start();
    expect(choice).toMatchObject({ running: "built-in", trial: { version: "3.0.0" } });
    updater(choice).start();
    await clock.advance(300_000);
    expect([restored, restarts(), readState(files).last?.code]).toEqual([[true], 2, "NO_LINK"]);
  });

  test("of an executable whose one of before is damaged stays with the new one, which runs at least", async () => {
    const { files, start, updater, restored, needs, runningFile } = computer({ askVersion: async () => "3.0.0" });
    await updater(await start()).offered(newExecutable());
    files.append("agent.previous", new Uint8Array([10]));
    needs.builtIn = "3.0.0";
    for (let times = 0; times < 3; times++) await start();
    expect([restored, runningFile()]).toEqual([[false], Buffer.from(application)]);
    expect(readState(files).last).toMatchObject({ outcome: "rolled-back", detail: expect.stringContaining("this one stays") });
    expect(await start()).toEqual({ running: "built-in", trial: undefined });
  });

  test("of such an executable that nobody welcomes says that it stays", async () => {
    const { files, clock, start, updater, needs, runningFile } = computer({ askVersion: async () => "3.0.0" });
    await updater(await start()).offered(newExecutable());
    files.append("agent.previous", new Uint8Array([10]));
    needs.builtIn = "3.0.0";
    updater(await start()).start();
    await clock.advance(300_000);
    expect(readState(files).last).toMatchObject({ code: "NO_LINK", detail: expect.stringContaining("this one stays") });
    expect(runningFile()).toEqual(Buffer.from(application));
  });

  test("of an executable that was not replaced, because the power was cut, is taken back", async () => {
    const { files, start, updater } = computer({ askVersion: async () => "3.0.0" });
    await updater(await start()).offered(newExecutable());
    await start();
    expect(readState(files).last).toMatchObject({ outcome: "rolled-back", code: "INTERRUPTED" });
  });

  test("of an executable that died before its loader ran, and that the service manager took back, is told as what it was", async () => {
    const { files, start, updater } = computer({ askVersion: async () => "3.0.0" });
    await updater(await start()).offered(newExecutable());
    files.replace(takenBackFile, "..");
    expect(await start()).toMatchObject({ running: "built-in", startAgain: true });
    expect(readState(files).last).toMatchObject({ outcome: "rolled-back", code: "DIES_AT_ONCE" });
    expect([files.size(takenBackFile), await start()]).toEqual([0, { running: "built-in", trial: undefined }]);
  });

  test("of an executable whose loader runs takes the service manager's marks away", async () => {
    const { files, start, updater, needs } = computer({ askVersion: async () => "3.0.0" });
    await updater(await start()).offered(newExecutable());
    files.replace(startsFile, "..");
    needs.builtIn = "3.0.0";
    expect(await start()).toMatchObject({ trial: { version: "3.0.0" } });
    expect(files.size(startsFile)).toBe(0);
  });
});

describe("release keys that follow one another", () => {
  const second = statementOf(2, [nextKey, thirdKey], nextKey);
  const third = statementOf(3, [thirdKey], thirdKey);
  const offered = async (on: ReturnType<typeof computer>, envelope: string) => {
    const choice = await on.start();
    await on.updater(choice).offered(envelope);
    const next = await on.start();
    on.updater(next).welcomed(true);
    return on.reports.at(-1)?.code || on.reports.at(-1)?.state;
  };

  test("are believed from the release on that tells of them, and those of before no longer", async () => {
    const on = computer();
    const by = (version: string, signing: typeof key, keys: (typeof second)[]) =>
      envelopeOf(manifestOf(application, { version }), signing, { keys });
    expect(await offered(on, by("2.1.0", thirdKey, []))).toBe("MANIFEST_NOT_SIGNED");
    expect(await offered(on, by("2.1.0", nextKey, [second]))).toBe("confirmed");
    expect(await offered(on, by("2.2.0", key, []))).toBe("MANIFEST_NOT_SIGNED");
    expect(await offered(on, by("2.2.0", thirdKey, []))).toBe("confirmed");
    expect(await offered(on, by("2.3.0", thirdKey, [third, second]))).toBe("confirmed");
    expect(await offered(on, by("2.4.0", nextKey, [second]))).toBe("MANIFEST_NOT_SIGNED");
    expect(await on.start()).toEqual({ running: "a", trial: undefined });
  });

  test("count only from the confirmation on: one that was taken back leaves those of before", async () => {
    const on = computer();
    await on.updater(await on.start()).offered(envelopeOf(manifestOf(application), nextKey, { keys: [second] }));
    for (let times = 0; times < 3; times++) await on.start();
    expect(readState(on.files).last).toMatchObject({ outcome: "rolled-back" });
    expect(await offered(on, offer({ version: "2.1.0" }))).toBe("confirmed");
  });

  const wrong: [string, () => ReturnType<typeof statementOf>][] = [
    ["a key that is not believed has signed", () => statementOf(2, [thirdKey], thirdKey)],
    ["leaves a number out", () => statementOf(3, [thirdKey], key)],
    ["was altered", () => ({ ...second, statement: second.statement.replace(nextKey.publicKey, key.publicKey) })],
    ["is none", () => ({ statement: "{", signatures: [] })],
  ];
  test.each(wrong)("a statement that %s leads nowhere", async (_what, make) => {
    const on = computer();
    expect(await offered(on, envelopeOf(manifestOf(application), thirdKey, { keys: [make()] }))).toBe("MANIFEST_NOT_SIGNED");
  });
});

test("an application for a later loader is not tried by an earlier one: it takes the executable", async () => {
  const { start, updater, reports, needs } = computer();
  needs.loader = 1;
  await updater(await start()).offered(offer({ minimalLoader: 2 }));
  expect(reports.at(-1)).toMatchObject({ state: "refused", code: "MANIFEST_OTHER_SYSTEM" });
});

describe("an offer is refused", () => {
  const cases: [string, () => string, string][] = [
    ["that another key has signed", () => envelopeOf(manifestOf(application), makeReleaseKey()), "MANIFEST_NOT_SIGNED"],
    ["that was altered", () => offer().replace("2.0.0", "2.0.1"), "MANIFEST_NOT_SIGNED"],
    ["that is older", () => offer({ version: "0.9.0" }), "MANIFEST_OLDER"],
    ["that is the same", () => offer({ version: "1.0.0+another" }), "MANIFEST_OLDER"],
    ["that has expired", () => offer({ expiresAtMs: 1 }), "MANIFEST_EXPIRED"],
    ["of another channel", () => offer({ channel: "preview" }), "MANIFEST_OTHER_CHANNEL"],
    ["for other systems", () => offer({ files: [] }), "MANIFEST_OTHER_SYSTEM"],
    ["of a format that comes later", () => envelopeOf(manifestOf(application), key, { format: 2 }), "MANIFEST_FORMAT_UNKNOWN"],
    ["of another product", () => envelopeOf(manifestOf(application), key, { product: "other" }), "MANIFEST_MALFORMED"],
    ["that is no manifest", () => "{", "MANIFEST_MALFORMED"],
  ];
  test.each(cases)("%s", async (_name, make, code) => {
    const { start, updater, reports, restarts, files } = computer();
    await updater(await start()).offered(make());
    expect(reports).toMatchObject([{ state: "refused", code }]);
    expect([restarts(), readState(files).trial]).toEqual([0, undefined]);
  });

  test("once more, after a newer one was confirmed: a replay of last year's release", async () => {
    const { start, updater, reports } = computer();
    for (const version of ["2.0.0", "2.1.0"]) {
      await updater(await start()).offered(offer({ version }));
      updater(await start()).welcomed(true);
    }
    await updater(await start()).offered(offer({ version: "2.0.0" }));
    expect(reports.at(-1)).toMatchObject({ state: "refused", code: "MANIFEST_OLDER" });
  });

  test("also where the bundle is damaged and the application within the executable runs again: older ones stay refused", async () => {
    const { start, updater, reports, files } = computer();
    await updater(await start()).offered(offer({ version: "2.1.0" }));
    updater(await start()).welcomed(true);
    files.append(bundleName("a"), new Uint8Array([10]));
    const choice = await start();
    expect(choice.running).toBe("built-in");
    await updater(choice).offered(offer({ version: "2.0.0" }));
    expect(reports.at(-1)).toMatchObject({ state: "refused", code: "MANIFEST_OLDER" });
    await updater(choice).offered(offer({ version: "2.1.0" }));
    expect(reports.at(-1)).toMatchObject({ state: "starting" });
  });
});

test("a power cut at any step loses nothing: something whole starts, and the next offer leads to the end", async () => {
  let wasCut = true;
  for (let step = 1; wasCut; step++) {
    wasCut = false;
    for (let seed = 1; seed <= 6; seed++) {
      const generator = generatorOf(step * 100 + seed);
      const { files, start, updater, needs } = computer({}, () => generator.below(1_000) / 1_000);
      files.stepsUntilCrash = step;
      await attempt(start, updater).catch((error: unknown) => {
        if (!(error instanceof PowerCut)) throw error;
      });
      wasCut ||= files.isOff;
      files.restart();
      for (let starts = 0; starts < 4 && readState(files).current === "built-in"; starts++) {
        const choice = await start();
        if (choice.running !== "built-in") expect((await checkSlot(needs, choice.running)).version).toBe("2.0.0");
        updater(choice).welcomed(true);
        if (!choice.trial) await updater(choice).offered(offer());
      }
      expect([step, seed, readState(files).current]).toEqual([step, seed, "a"]);
    }
    expect(step).toBeLessThan(100);
  }
});

describe.each([
  ["one stroke", false],
  ["steps, as on Windows", true],
])("an executable that is replaced in %s", (_how, isWindows) => {
  test.each([
    ["welcomed", true],
    ["not welcomed", false],
  ])("and %s: whenever the power is cut, the service manager finds a whole one, and it comes to its end", async (_what, isWelcome) => {
    let wasCut = true;
    for (let step = 1; wasCut; step++) {
      wasCut = false;
      for (let seed = 1; seed <= 4; seed++) {
        const generator = generatorOf(step * 100 + seed);
        const on = computer({ askVersion: async () => "3.0.0" }, () => generator.below(1_000) / 1_000, isWindows);
        const { files, clock, start, updater, needs, runningFile } = on;
        /** Starts what the service manager finds, and lets it run to its end. @returns whether the update has ended */
        const run = async () => {
          const file = Buffer.from(runningFile() ?? []);
          expect([step, seed, file.equals(oldProgram) || file.equals(application)]).toEqual([step, seed, true]);
          needs.builtIn = file.equals(oldProgram) ? "1.0.0" : "3.0.0";
          const choice = await start();
          if (choice.startAgain) return false;
          const running = updater(choice);
          running.start();
          if (!choice.trial && readState(files).last?.outcome === (isWelcome ? "confirmed" : "rolled-back")) return true;
          if (!choice.trial) await running.offered(newExecutable());
          else if (isWelcome) running.welcomed(true);
          else await clock.advance(300_000);
          running.stop();
          return false;
        };
        files.stepsUntilCrash = step;
        try {
          for (let starts = 0; starts < 6 && !(await run()); starts++);
        } catch (error) {
          if (!(error instanceof PowerCut)) throw error;
        }
        wasCut ||= files.isOff;
        files.restart();
        for (let starts = 0; starts < 8 && !(await run()); starts++);
        expect([step, seed, await run(), needs.builtIn]).toEqual([step, seed, true, isWelcome ? "3.0.0" : "1.0.0"]);
        expect(Buffer.from(files.read("agent")!)).toEqual(Buffer.from(isWelcome ? application : oldProgram));
      }
      expect(step).toBeLessThan(100);
    }
  });
});

/** As far as the power lasts: offered, fetched, started and welcomed. */
async function attempt(start: () => Promise<Choice>, updater: (choice: Choice) => Updater): Promise<void> {
  await updater(await start()).offered(offer());
  updater(await start()).welcomed(true);
}

test("the files of a slot have names of their own", () => {
  expect(new Set([bundleName("a"), bundleName("b"), envelopeName("a"), envelopeName("b")]).size).toBe(4);
});
