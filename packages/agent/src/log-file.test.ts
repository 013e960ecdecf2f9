import { expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { logFile } from "./log-file.ts";
import { DataDirectory } from "./state/data-directory.ts";

test("the log takes two files and never more than twice its limit; a full or missing folder loses lines alone", () => {
  const data = new DataDirectory(mkdtempSync(join(tmpdir(), "hauswart-log-")));
  const write = logFile(data, 100);
  for (let line = 0; line < 40; line++) write(`line ${line}`);
  const [current, old] = ["agent.log", "agent.log.old"].map((name) => readFileSync(data.file(name), "utf8"));
  expect(current!.length + old!.length).toBeLessThan(240);
  expect(`${old}${current}`.trimEnd().split("\n").at(-1)).toBe("line 39");
  expect(current!.length).toBeGreaterThan(0);
  rmSync(data.path, { recursive: true });
  write("lost");
});
