import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { askLocally } from "./local-socket.ts";

const module_ = fileURLToPath(new URL("local-socket.ts", import.meta.url));

/** In a process of its own, because only then the answer and the end of the connection can arrive together. */
test("every asker gets the whole answer, short or long", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hauswart-socket-"));
  const path = join(folder, "s");
  try {
    for (const length of [10, 5_000, 1_000_000]) {
      const program = `import { answerLocally } from ${JSON.stringify(module_)}; answerLocally(${JSON.stringify(path)}, () => "x".repeat(${length})); console.log("ready");`;
      const child = Bun.spawn([process.execPath, "-e", program], { stdout: "pipe" });
      await child.stdout.getReader().read();
      const lengths = new Set<number>();
      for (let asked = 0; asked < 50; asked++) lengths.add((await askLocally(path)).length);
      child.kill();
      await child.exited;
      rmSync(path, { force: true });
      expect([...lengths]).toEqual([length]);
    }
    expect(await askLocally(path)).toBe("");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
