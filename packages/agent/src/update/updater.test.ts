import { describe, expect, test } from "bun:test";
import { generatorOf } from "@hauswart/testkit/generate.ts";
import { createLog } from "../log.ts";
import { BrittleFolder } from "../testing/brittle-folder.ts";
import { PowerCut } from "../testing/brittle-files.ts";
import { FakeClock } from "../testing/fake-clock.ts";
import { envelopeOf, makeReleaseKey, manifestOf } from "../testing/made-up-release.ts";
import { download, type DownloadNeeds } from "./download.ts";
import { chooseForRun, startsFile, takenBackFile, type Choice } from "./loader.ts";
import { bundleName, checkSlot, envelopeName } from "./slots.ts";
import { readState } from "./state.ts";
import { Updater, type UpdaterNeeds } from "./updater.ts";

const key = makeReleaseKey();
const application = new TextEncoder().encode("// an application\n".repeat(500));

/** A computer whose agent can be offered releases, and started again. */
function computer(change: Partial<UpdaterNeeds> = {}, random: () => number = Math.random) {
  const files = new BrittleFolder(random);
  const clock = new FakeClock();
  const lines: string[] = [];
  const reports: { state: string; code: string; version: string }[] = [];
  const needs = {
    files,
    keys: [key.publicKey],
    system: "linux",
    runtime: "1.4.5",
    builtIn: "1.0.0",
    now: clock.now,
    complain: (line: string) => lines.push(line),
  };
  const restored: string[] = [];
  let restarts = 0;
  const start = () => chooseForRun({ ...needs, restoreExecutable: (previous) => restored.push(previous) });
  const updater = (choice: Choice) =>
    new Updater({
      ...needs,
      host: {
        loader: 1,
        target: "linux-x64",
        updateFolder: "",
        running: choice.running,
        trial: choice.trial,
        ended: undefined,
        assets: {},
        startAgain: () => process.exit(),
      },
      version: choice.trial?.version ?? (choice.running === "built-in" ? "1.0.0" : (readState(files).newest ?? "")),
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
      stageExecutable: () => "/opt/agent.update",
      replaceExecutable: () => {},
      previousExecutable: () => "/opt/agent.previous",
      restoreExecutable: (previous) => restored.push(previous),
      report: (report) => reports.push(report),
      restart: () => void restarts++,
      ...change,
    });
  return { files, clock, reports, lines, restored, start, updater, needs, restarts: () => restarts };
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
    expect(readState(files).trial).toMatchObject({ slot: "executable", previousExecutable: "/opt/agent.previous" });
    needs.builtIn = "3.0.0";
    const choice = await start();
    expect(choice).toMatchObject({ running: "built-in", trial: { version: "3.0.0" } });
    updater(choice).start();
    await clock.advance(300_000);
    expect([restored, restarts(), readState(files).last?.code]).toEqual([["/opt/agent.previous"], 2, "NO_LINK"]);
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

/** As far as the power lasts: offered, fetched, started and welcomed. */
async function attempt(start: () => Promise<Choice>, updater: (choice: Choice) => Updater): Promise<void> {
  await updater(await start()).offered(offer());
  updater(await start()).welcomed(true);
}

describe("a download", () => {
  const file = manifestOf(application).files[0]!;
  function fetching(answer: (request: Request, count: number) => Response) {
    let count = 0;
    const requests: { path: string; headers: Record<string, string> }[] = [];
    const server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch(request) {
        requests.push({ path: new URL(request.url).pathname, headers: Object.fromEntries(request.headers) });
        return answer(request, ++count);
      },
    });
    const files = new BrittleFolder(() => 0.5);
    const needs: DownloadNeeds = {
      files,
      server: server.url.origin,
      certificates: undefined,
      proxies: async () => [undefined],
      deviceId: "device",
      sign: async () => "signature",
      serverTime: () => 1_000,
      pause: async () => {},
    };
    return { files, requests, needs, [Symbol.dispose]: () => void server.stop(true) };
  }

  test("shows the agent's proof, and is checked", async () => {
    using server = fetching(() => new Response(application));
    expect(server.files.read(await download(server.needs, file))).toEqual(Buffer.from(application));
    expect(server.requests[0]!.headers["x-hauswart-proof"]).toBe("signature");
    expect(server.requests[0]!.path).toBe(`/agent/v1/release/${file.sha256}`);
  });

  test("that was cut off goes on where it stopped", async () => {
    using server = fetching((request, count) => {
      if (count === 1) return new Response(application.subarray(0, 1_000));
      const from = Number(/bytes=(\d+)-/.exec(request.headers.get("range") ?? "")?.[1]);
      return new Response(application.subarray(from), {
        status: 206,
        headers: { "content-range": `bytes ${from}-${application.length - 1}/${application.length}` },
      });
    });
    await download(server.needs, file);
    expect(server.requests[1]!.headers["range"]).toBe("bytes=1000-");
  });

  test("of something else is thrown away", async () => {
    using server = fetching(() => new Response(new Uint8Array(application.length)));
    await expect(download(server.needs, file)).rejects.toMatchObject({ code: "HASH_WRONG" });
    expect(server.files.size("download.part")).toBe(0);
  });

  test("never becomes larger than what was released", async () => {
    using server = fetching(() => new Response(new Uint8Array(application.length * 20)));
    await expect(download(server.needs, file)).rejects.toMatchObject({ code: "DOWNLOAD_FAILED" });
    expect(server.files.size("download.part")).toBeLessThanOrEqual(application.length);
  });

  test("is given up after some attempts, with the reason", async () => {
    using server = fetching(() => new Response(null, { status: 403 }));
    await expect(download(server.needs, file)).rejects.toThrow("status 403");
    expect(server.requests.length).toBe(5);
  });
});

test("the files of a slot have names of their own", () => {
  expect(new Set([bundleName("a"), bundleName("b"), envelopeName("a"), envelopeName("b")]).size).toBe(4);
});
