/** Installed programs as Windows exports them, and jobs as launchctl lists them. */
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readRecording, testOnRecordings } from "@hauswart/testkit/recorded.ts";
import { registryOf } from "@hauswart/testkit/recorded-windows.ts";
import { installedVersion } from "./installed-version.windows.ts";
import { parseJobs } from "./read-products.macos.ts";

const sample = (name: string) => readFileSync(join(import.meta.dir, "../testdata", name), "utf8");

test("the version of a product in a made export is that of the product, not of its helper", async () => {
  const registry = registryOf(sample("uninstall.reg"));
  expect(await installedVersion(registry, /^Hauswart Schutz/)).toBe("11.0.2032");
  expect(await installedVersion(registry, /^Another/)).toBe("");
});

test("jobs of a made list", () => {
  expect(parseJobs(sample("launchctl-list.txt"))).toEqual([
    { label: "com.apple.example.daemon", isRunning: false },
    { label: "com.apple.example.services", isRunning: true },
    { label: "de.hauswart.made-up", isRunning: false },
    { label: "com.sophos.example.scanner", isRunning: true },
  ]);
});

testOnRecordings("versions of what is installed on a computer that speaks Russian", async () => {
  const registry = registryOf(readRecording("glpi-agent/win32/registry/10_russian-Uninstall.reg"));
  expect(await installedVersion(registry, /^КриптоПро/)).toBe("5.0.12000");
  expect(await installedVersion(registry, /^1C/)).toBe("77.27");
});

testOnRecordings("jobs of a Mac: each line is one, and those run that have a process", () => {
  const text = readRecording("glpi-agent/macos/firewall/launctl_list_unloaded.txt");
  const jobs = parseJobs(text);
  expect(jobs).toHaveLength(text.trim().split("\n").length - 1);
  expect(jobs.every(({ label }) => /^[\w.@-]+(?:\.[\w-]+)*$/.test(label))).toBe(true);
  expect(jobs.find(({ label }) => label === "com.apple.coreservicesd")).toEqual({ label: "com.apple.coreservicesd", isRunning: true });
  expect(jobs.find(({ label }) => label === "com.apple.avbdeviced")).toEqual({ label: "com.apple.avbdeviced", isRunning: false });
});
