import { expect, test } from "bun:test";
import * as z from "zod/mini";
import { createLog } from "../log.ts";
import { openKept } from "./kept.ts";

function memoryFile(text?: string) {
  const file = { text };
  return {
    file,
    readJson: <Schema extends z.ZodMiniType>(_: string, schema: Schema) =>
      file.text === undefined ? undefined : schema.parse(JSON.parse(file.text)),
    writeText: (_: string, written: string) => void (file.text = written),
  };
}
const open = (data: ReturnType<typeof memoryFile>) =>
  openKept(
    data,
    createLog(() => {}),
  );
const daily = { check: "backup-status", instance: "", selectionVersion: 3 };

test("an agent of before, when an update is taken back, reads what this one wrote", () => {
  /** Its file, as agents of before the selections read it. */
  const before = z.object({
    memories: z.record(z.string(), z.record(z.string(), z.unknown())),
    dailyRuns: z.record(z.string(), z.number()),
  });
  const data = memoryFile();
  const kept = open(data);
  kept.note(daily, { bookmark: 7 });
  kept.noteDailyRun(daily, 1_000);
  kept.save();
  const read = before.parse(JSON.parse(data.file.text!));
  expect(read).toEqual({ memories: { "backup-status/": { bookmark: 7 } }, dailyRuns: { "backup-status/": 1_000 } });
  // And this one what that one wrote.
  expect(open(memoryFile(JSON.stringify(read))).dailyRun(daily)).toBe(1_000);
});

test("a daily run counts for what was read then, until it is not wanted any more", () => {
  const data = memoryFile();
  const kept = open(data);
  kept.noteDailyRun(daily, 1_000);
  kept.save();
  const again = open(data);
  expect([again.dailyRun(daily), again.dailyRun({ ...daily, selectionVersion: 4 })]).toEqual([1_000, undefined]);
  again.forgetDailyRun(daily);
  again.save();
  expect(open(data).dailyRun(daily)).toBeUndefined();
});
