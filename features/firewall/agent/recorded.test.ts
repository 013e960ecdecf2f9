/** The firewall's profiles as Windows exports them. */
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Os } from "@hauswart/agent/os/os.ts";
import { readRecording, recordings, testOnRecordings } from "@hauswart/testkit/recorded.ts";
import { registryOf } from "@hauswart/testkit/recorded-windows.ts";
import { readProfiles } from "./read-profiles.windows.ts";

async function statesOf(exported: string): Promise<Record<string, string>> {
  const windows = async () => ({
    registry: registryOf(exported),
    services: { list: async () => [{ name: "MpsSvc", state: "running" }] },
    wmi: async () => [],
  });
  return Object.fromEntries((await readProfiles({ windows } as unknown as Os)).map(({ name, state }) => [name, state]));
}

test("a made export", async () => {
  const exported = readFileSync(join(import.meta.dir, "../testdata/profiles.reg"), "utf8");
  expect(await statesOf(exported)).toEqual({ domain: "open", private: "off", public: "on" });
});

testOnRecordings("every recorded export of a profile", async () => {
  const nothing = { domain: "not-told", private: "not-told", public: "not-told" };
  const states: [string, object][] = [];
  for (const path of recordings("glpi-agent/win32/registry", /Profile\.reg$/)) states.push([path, await statesOf(readRecording(path))]);
  expect(states).toEqual(
    [
      ["10-PublicProfile", { public: "on" }],
      ["10-StandardProfile", { private: "on" }],
      ["7_firewall-PublicProfile", { public: "off" }],
      ["7_firewall-StandardProfile", { private: "off" }],
    ].map(([name, told]) => [`glpi-agent/win32/registry/${name as string}.reg`, { ...nothing, ...(told as object) }]),
  );
});
