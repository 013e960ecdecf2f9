/** Jobs as launchd lists them. */
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Os } from "@hauswart/agent/os/os.ts";
import { readRecording, testOnRecordings } from "@hauswart/testkit/recorded.ts";
import { readJobs } from "./read-jobs.macos.ts";

/** A Mac whose launchd lists these, and prints nothing of any. */
async function namesOf(list: string, jobs: readonly string[]): Promise<string[]> {
  const os = {
    run: async (_: string, [word]: readonly string[]) => ({
      exitCode: word === "list" ? 0 : 113,
      stdout: word === "list" ? list : "",
      stderr: "",
    }),
  } as unknown as Os;
  const read = await readJobs({ os, selection: { jobs } } as unknown as Parameters<typeof readJobs>[0]);
  if (!("ok" in read)) throw new Error(JSON.stringify(read));
  return read.ok.map(({ name, state }) => (state === "missing" ? `${name} missing` : name));
}

test("jobs of a made list, by name and by pattern; one that is not there is missing", async () => {
  const list = readFileSync(join(import.meta.dir, "../testdata/launchctl-list.txt"), "utf8");
  expect(await namesOf(list, ["de.hauswart.*", "com.apple.example.daemon", "com.example.backup"])).toEqual([
    "com.apple.example.daemon",
    "de.hauswart.made-up",
    "com.example.backup missing",
  ]);
});

testOnRecordings("jobs of a Mac", async () => {
  const list = readRecording("glpi-agent/macos/firewall/launctl_list_unloaded.txt");
  expect(await namesOf(list, ["com.apple.avbdeviced", "com.apple.coreservicesd", "com.example.backup"])).toEqual([
    "com.apple.coreservicesd",
    "com.apple.avbdeviced",
    "com.example.backup missing",
  ]);
});
