/** Checks that read the registry of a Windows computer: the built agent measures there, with what is written into it. */
import { afterAll, beforeAll, describe, expect } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { testNeeding, whyNoWindows } from "@hauswart/testkit/needs.ts";
import { startWindows, type WindowsComputer } from "@hauswart/testkit/wine.ts";
import { buildAgent } from "../tools/build-agent.ts";

const missing = whyNoWindows();
const windowsTest = testNeeding(missing);
const agentFile = "C:\\agent.exe";
const currentVersion = "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion";
const control = "HKLM\\SYSTEM\\CurrentControlSet\\Control";

describe("a Windows computer's registry", () => {
  let computer: WindowsComputer;
  beforeAll(async () => {
    if (missing !== undefined) return;
    computer = await startWindows({ hostName: "PC-EMPFANG" });
    await computer.installFile((await buildAgent("windows-x64")).path, agentFile);
  }, 960_000);
  afterAll(() => computer?.[Symbol.asyncDispose]());

  const add = (key: string, name?: string, type = "REG_SZ", data = "") =>
    computer.mustRun(["reg", "add", key, ...(name === undefined ? [] : ["/v", name, "/t", type, "/d", data]), "/f"]);
  const measure = async (check: string): Promise<{ ok?: unknown; failed?: string }> => {
    const output = await computer.mustRun([agentFile, "collect", "--check", check, "--json"], { timeoutMs: 60_000 });
    return (JSON.parse(output) as { samples: { ok?: unknown; failed?: string }[] }).samples[0]!;
  };

  windowsTest(
    "says why a restart is needed",
    async () => {
      expect((await measure("reboot-pending")).ok).toEqual({ pendingSince: null, causes: "", details: "" });
      await add(`${currentVersion}\\Component Based Servicing\\RebootPending`);
      const replaced = "\\??\\C:\\Windows\\Temp\\a.sys\\0!\\??\\C:\\Windows\\System32\\drivers\\a.sys";
      await add(`${control}\\Session Manager`, "PendingFileRenameOperations", "REG_MULTI_SZ", replaced);
      await add(`${control}\\ComputerName\\ComputerName`, "ComputerName", "REG_SZ", "PC-NEU");
      expect((await measure("reboot-pending")).ok).toEqual({
        pendingSince: expect.any(Number),
        causes: "computer-name file-replacement servicing",
        details: "PC-NEU, a.sys",
      });
    },
    120_000,
  );

  windowsTest(
    "says which profiles of the firewall are on",
    async () => {
      const states = async () =>
        ((await measure("firewall")).ok as { profiles: { name: string; state: string }[] }).profiles.map(
          ({ name, state }) => `${name} ${state}`,
        );
      expect(await states()).toEqual(["domain not-told", "private not-told", "public not-told"]);
      const policy = "HKLM\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy\\";
      await add(`${policy}DomainProfile`, "EnableFirewall", "REG_DWORD", "1");
      await add(`${policy}StandardProfile`, "EnableFirewall", "REG_DWORD", "1");
      await add(`${policy}PublicProfile`, "EnableFirewall", "REG_DWORD", "0");
      expect(await states()).toEqual(["domain on", "private on", "public off"]);
    },
    120_000,
  );

  windowsTest(
    "says what sets the clock",
    async () => {
      expect((await measure("time-skew")).failed).toBe("COLLECT_UNREADABLE");
      await add("HKLM\\SYSTEM\\CurrentControlSet\\Services\\W32Time\\Parameters", "Type", "REG_SZ", "NoSync");
      expect((await measure("time-skew")).ok).toMatchObject({ method: "none", synchronised: "no" });
    },
    120_000,
  );

  windowsTest(
    "holds the certificates of the machine",
    async () => {
      expect((await measure("certificates")).ok).toEqual({ certificateCount: 0, certificates: [] });
      const der = readFileSync(join(import.meta.dir, "certificates/testdata/named.der"));
      const head = Buffer.alloc(12);
      head.writeUInt32LE(32, 0);
      head.writeUInt32LE(1, 4);
      head.writeUInt32LE(der.length, 8);
      const key = "HKLM\\SOFTWARE\\Microsoft\\SystemCertificates\\MY\\Certificates\\A1B2C3D4E5F60718293A4B5C6D7E8F9001122334";
      await add(key, "Blob", "REG_BINARY", Buffer.concat([head, der]).toString("hex"));
      expect((await measure("certificates")).ok).toMatchObject({
        certificateCount: 1,
        certificates: [
          { place: "LocalMachine\\My\\Drucker Büro A1B2C3D4", issuer: "Beispiel Root", validUntil: Date.UTC(2060, 0, 1), problem: "" },
        ],
      });
    },
    120_000,
  );

  windowsTest(
    "and where Windows does not answer, that is said: no battery, no BitLocker",
    async () => {
      expect((await measure("battery")).ok).toEqual({ batteryCount: 0, batteries: [] });
      const { volumes } = (await measure("disk-encryption")).ok as { volumes: { name: string; state: string; detail: string }[] };
      expect(volumes.find(({ name }) => name === "C:")).toMatchObject({ state: "not-told", detail: expect.stringContaining("0x8004100e") });
    },
    120_000,
  );
});
