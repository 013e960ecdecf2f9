/** The thread for calls that block: that it answers, wherever the build puts its program. On Linux each call fails, and says so. */
import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { slowly } from "./slow-calls.ts";

const folder = mkdtempSync(join(tmpdir(), "hauswart-thread-"));
afterAll(() => rmSync(folder, { recursive: true }));

const unsupported = { code: "COLLECT_UNSUPPORTED", message: expect.stringContaining("wevtapi.dll") };

test("an error of a call has the code of collectors, and the next call is answered as well", async () => {
  await expect(slowly("eventChannels")).rejects.toMatchObject(unsupported);
  const all = await Promise.allSettled([slowly("eventChannels"), slowly("readEvents", "System", "*", 1n, 10, false)]);
  expect(all.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
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

test("it is part of a bundle of one file that an executable loads from the disk", async () => {
  const application = join(folder, "application.ts");
  writeFileSync(application, `${program}\nif (!Bun.isMainThread) void import(${JSON.stringify(join(import.meta.dir, "slow-worker.ts"))});`);
  await outputOf(
    process.execPath,
    "build",
    "--target=bun",
    "--minify",
    "--format=cjs",
    `--outfile=${join(folder, "application.js")}`,
    application,
  );
  const loader = join(folder, "loader.ts");
  writeFileSync(loader, "const { run } = await import(process.argv[2]); console.log(await run()); process.exit(0);");
  await outputOf(process.execPath, "build", "--compile", "--bytecode", "--format=esm", `--outfile=${join(folder, "loader")}`, loader);
  expect(await outputOf(join(folder, "loader"), join(folder, "application.js"))).toBe("COLLECT_UNSUPPORTED");
});
