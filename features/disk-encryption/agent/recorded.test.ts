/** Win32_EncryptableVolume as Windows lists it. */
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Os } from "@hauswart/agent/os/os.ts";
import { readRecording, recordings, testOnRecordings } from "@hauswart/testkit/recorded.ts";
import { wmiRowsOf } from "@hauswart/testkit/recorded-windows.ts";
import { readEncryption } from "./read-encryption.windows.ts";

const volumesOf = (listing: string) => readEncryption({ windows: async () => ({ wmi: async () => wmiRowsOf(listing) }) } as unknown as Os);

test("a made listing: what is plugged in is left out", async () => {
  const listing = readFileSync(join(import.meta.dir, "../testdata/encryptable-volumes.wmi"), "utf8");
  expect(await volumesOf(listing)).toEqual([
    { name: "C:", state: "encrypted", method: "BitLocker", detail: "" },
    { name: "D:", state: "not-encrypted", method: "", detail: "" },
  ]);
});

testOnRecordings("every recorded listing", async () => {
  const found: [string, unknown][] = [];
  for (const path of recordings("glpi-agent/win32/wmi", /EncryptableVolume\.wmi$/))
    found.push([path, await volumesOf(readRecording(path))]);
  expect(found).toEqual([
    ["glpi-agent/win32/wmi/win10-crypt-Win32_EncryptableVolume.wmi", [{ name: "C:", state: "encrypted", method: "BitLocker", detail: "" }]],
  ]);
});
