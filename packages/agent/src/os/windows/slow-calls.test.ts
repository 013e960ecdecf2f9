/** The thread for calls that block: that it answers, wherever the build puts its program. On Linux each call fails, and says so. */
import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@hauswart/testkit/temporary-folder.ts";
import { until } from "@hauswart/testkit/until.ts";
import { SlowThread, slowly, threadFor, type SlowThreadWorker } from "./slow-calls.ts";
import type { SlowRequest } from "./slow-worker.ts";

const folder = temporaryFolder("thread");

const unsupported = { code: "COLLECT_UNSUPPORTED", message: expect.stringContaining("wevtapi.dll") };

test("an error of a call has the code of collectors, and the next call is answered as well", async () => {
  await expect(slowly("eventChannels")).rejects.toMatchObject(unsupported);
  const all = await Promise.allSettled([slowly("eventChannels"), slowly("readEvents", "System", "*", 1n, 10, false)]);
  expect(all.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
});

test("services are started and stopped in a thread of their own, in which nothing else waits", async () => {
  expect(threadFor("stopService")).toBe(threadFor("startService"));
  for (const operation of ["readEvents", "controlDevice", "wmi", "localVolumes", "searchUpdates"] as const)
    expect(threadFor(operation)).not.toBe(threadFor("startService"));
  await expect(slowly("startService", "Spooler")).rejects.toMatchObject({ code: "COLLECT_UNSUPPORTED" });
});

async function outputOf(...command: string[]): Promise<string> {
  const child = Bun.spawn(command, { stdout: "pipe", stderr: "pipe", cwd: folder });
  const [output, errors, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  if (exitCode !== 0) throw new Error(`${command.join(" ")}: ${errors}`);
  return output.trim();
}

const program = `
import { slowly } from ${JSON.stringify(join(import.meta.dir, "slow-calls.ts"))};
export const run = () => slowly("eventChannels").then(() => "answered", (error) => error.code);
`;

test("it is part of a compiled executable", async () => {
  const entry = join(folder, "whole.ts");
  writeFileSync(entry, `${program}\nconsole.log(await run()); process.exit(0);`);
  const options = ["--compile", "--minify", "--bytecode", "--format=esm", "--splitting", `--outfile=${join(folder, "whole")}`];
  await outputOf(process.execPath, "build", ...options, entry);
  expect(await outputOf(join(folder, "whole"))).toBe("COLLECT_UNSUPPORTED");
});

test("it is among the modules that an executable loads from the disk after an update", async () => {
  const application = join(folder, "application.ts");
  writeFileSync(application, program);
  const modules = join(folder, "modules");
  await outputOf(process.execPath, "build", "--target=bun", "--minify", "--format=esm", "--splitting", `--outdir=${modules}`, application);
  const loader = join(folder, "loader.ts");
  writeFileSync(loader, "const { run } = await import(process.argv[2]); console.log(await run()); process.exit(0);");
  await outputOf(process.execPath, "build", "--compile", "--bytecode", "--format=esm", `--outfile=${join(folder, "loader")}`, loader);
  expect(await outputOf(join(folder, "loader"), join(modules, "application.js"))).toBe("COLLECT_UNSUPPORTED");
});

/** A thread whose program the test is. */
function madeUp(limitMs: number, idleMs = 60_000) {
  const workers: (SlowThreadWorker & { requests: SlowRequest[]; isEnded: boolean; close(): void })[] = [];
  const thread = new SlowThread({
    limitMs,
    idleMs,
    open: async () => {
      const ends: (() => void)[] = [];
      const worker = {
        onmessage: null as SlowThreadWorker["onmessage"],
        onerror: null as SlowThreadWorker["onerror"],
        requests: [] as SlowRequest[],
        isEnded: false,
        postMessage(request: SlowRequest) {
          worker.requests.push(request);
          const [word] = request.values;
          if (word === "hang") return;
          if (word === "break") worker.onerror?.({ message: "out of memory" } as ErrorEvent);
          else queueMicrotask(() => worker.onmessage?.({ data: { id: request.id, value: `${String(word)} done` } } as never));
        },
        terminate: () => void (worker.isEnded = true),
        addEventListener: (_: "close", ended: () => void) => void ends.push(ended),
        close: () => ends.forEach((ended) => ended()),
      };
      workers.push(worker);
      setTimeout(() => worker.onmessage?.({ data: { id: 0 } } as never), 1);
      return worker;
    },
  });
  return { workers, ask: (word: string) => thread.ask("eventChannels", [word]) };
}

describe("a thread", () => {
  test("carries out one call after the other", async () => {
    const { workers, ask } = madeUp(5_000);
    expect(await Promise.all([ask("a"), ask("b"), ask("c")])).toEqual(["a done", "b done", "c done"]);
    expect(workers.map(({ requests }) => requests.length)).toEqual([3]);
  });

  test("that is not asked for a while is ended, and another one is started for the next call", async () => {
    const { workers, ask } = madeUp(5_000, 5);
    await ask("a");
    await until("the end of it", () => workers[0]!.isEnded);
    expect(await ask("b")).toBe("b done");
    expect(workers).toHaveLength(2);
  });

  test("that hangs is given up, and who waits behind it is served by another", async () => {
    const { workers, ask } = madeUp(20);
    const [hung, next] = await Promise.allSettled([ask("hang"), ask("b")]);
    expect(hung).toMatchObject({ status: "rejected", reason: { code: "COLLECT_TIMED_OUT" } });
    expect(next).toEqual({ status: "fulfilled", value: "b done" });
    expect(workers.map(({ isEnded }) => isEnded)).toEqual([true, false]);
    workers[0]!.close();
  });

  test("that was given up and breaks late takes no call from the one after it", async () => {
    const { workers, ask } = madeUp(200);
    await expect(ask("hang")).rejects.toThrow("did not answer in time");
    const next = ask("b");
    await until("the next thread to be asked", () => workers[1]?.requests.length === 1);
    workers[0]!.onerror?.({ message: "out of memory" } as ErrorEvent);
    expect([await next, await ask("c"), workers.length]).toEqual(["b done", "c done", 2]);
    workers[0]!.close();
  });

  test("is not started any more while two hang, and again when one of them came back", async () => {
    const { workers, ask } = madeUp(5);
    for (let times = 0; times < 2; times++) await expect(ask("hang")).rejects.toThrow("did not answer in time");
    await expect(ask("a")).rejects.toThrow("have not come back");
    workers[0]!.close();
    expect(await ask("a")).toBe("a done");
    workers.forEach((worker) => worker.close());
  });

  test("that breaks says so to who waits, and the next call gets another", async () => {
    const { workers, ask } = madeUp(5_000);
    await expect(ask("break")).rejects.toMatchObject({ code: "COLLECT_UNREADABLE", message: expect.stringContaining("out of memory") });
    expect(await ask("a")).toBe("a done");
    expect(workers).toHaveLength(2);
  });
});
