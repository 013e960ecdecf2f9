import { expect } from "bun:test";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { testNeeding } from "./needs.ts";
import { noteOwner, takeOver } from "./owner.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const linuxTest = testNeeding(process.platform === "linux" ? undefined : "needs Linux");
const place = temporaryFolder("owner");
/** A process of another time that had this one's id. */
const ended = `${process.pid} 1`;

function folderOf(name: string, note?: string): string {
  const folder = join(place, name);
  mkdirSync(folder);
  if (note !== undefined) writeFileSync(join(folder, "owner"), note);
  return folder;
}

linuxTest("a folder is taken over from an owner that has ended, and from nobody else", () => {
  const abandoned = folderOf("abandoned", ended);
  expect([takeOver(abandoned), takeOver(abandoned)]).toEqual([true, false]);
  const own = folderOf("own");
  expect(takeOver(own)).toBe(false);
  noteOwner(own);
  const note = readFileSync(join(own, "owner"), "utf8");
  expect([takeOver(own), takeOver(folderOf("half-written", "")), takeOver(join(place, "nowhere"))]).toEqual([false, false, false]);
  expect(readFileSync(join(own, "owner"), "utf8")).toBe(note);
});

linuxTest("of several processes that would take folders over at the same time, each is taken by one", async () => {
  const names = Array.from({ length: 200 }, (_, index) => folderOf(`shared-${index}`, ended));
  const script = `import { existsSync } from "node:fs";
  import { takeOver } from ${JSON.stringify(join(import.meta.dir, "owner.ts"))};
  console.log("ready");
  while (!existsSync(${JSON.stringify(join(place, "begin"))})) await Bun.sleep(1);
  console.log(JSON.stringify(${JSON.stringify(names)}.flatMap((name, index) => (takeOver(name) ? [index] : []))));
  await Bun.stdin.text();`;
  const processes = Array.from({ length: 3 }, () => Bun.spawn([process.execPath, "-e", script], { stdin: "pipe", stdout: "pipe" }));
  const lines = processes.map(({ stdout }) => stdout.pipeThrough(new TextDecoderStream()).getReader());
  await Promise.all(lines.map((reader) => reader.read()));
  writeFileSync(join(place, "begin"), "");
  const taken = await Promise.all(lines.map(async (reader) => JSON.parse((await reader.read()).value!) as number[]));
  for (const process of processes) await process.stdin.end();
  expect(taken.flat().toSorted((one, other) => one - other)).toEqual([...names.keys()]);
  expect(names.every((name) => existsSync(join(name, "owner")))).toBe(true);
  await Promise.all(processes.map(({ exited }) => exited));
});
