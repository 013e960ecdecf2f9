/** The network as an agent on a Windows computer asks it, from a program that is built as the agent is. */
import { afterAll, beforeAll, describe, expect } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testCertificate } from "@hauswart/testkit/certificate.ts";
import { testNeeding, whyNoWindows } from "@hauswart/testkit/needs.ts";
import { startSnmpDevice, whyNoSnmpd } from "@hauswart/testkit/snmp-device.ts";
import { startWindows } from "@hauswart/testkit/wine.ts";
import { bunRuntime } from "../../../../../tools/bun-runtimes.ts";

const missing = whyNoWindows() ?? whyNoSnmpd();
const windowsTest = testNeeding(missing);

async function buildProbe(folder: string): Promise<string> {
  const path = join(folder, "probe.exe");
  const runtime = await bunRuntime("@oven/bun-windows-x64");
  const entry = join(import.meta.dir, "../../testing/network-probe.ts");
  const options = ["--compile", "--minify", "--bytecode", "--format=esm", "--splitting", "--target=bun-windows-x64", `--outfile=${path}`];
  const built = Bun.spawnSync([process.execPath, "build", ...options, `--compile-executable-path=${runtime}`, entry]);
  if (built.exitCode !== 0) throw new Error(built.stderr.toString());
  return path;
}

describe("a Windows computer", () => {
  const folder = mkdtempSync(join(tmpdir(), "hauswart-network-probe-"));
  let answers: Readonly<Record<string, unknown>>;

  beforeAll(async () => {
    if (missing !== undefined) return;
    const { certificate, privateKey } = await testCertificate();
    const shop = createServer({ cert: certificate, key: privateKey }, (_, response) => void response.end("Warenkorb"));
    await new Promise<void>((resolve) => shop.listen(0, "127.0.0.1", resolve));
    try {
      await using device = await startSnmpDevice({ community: "community-4711" });
      await using computer = await startWindows();
      await computer.installFile(await buildProbe(folder), "C:\\probe.exe");
      const { port } = shop.address() as AddressInfo;
      answers = JSON.parse(
        await computer.mustRun(["C:\\probe.exe", String(port), String(device.port)], { timeoutMs: 120_000 }),
      ) as typeof answers;
    } finally {
      shop.closeAllConnections();
      shop.close();
    }
  }, 960_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  windowsTest("pings natively", () => {
    const answered = {
      sentCount: 3,
      isReportedUnreachable: false,
      roundTripsMs: [expect.any(Number), expect.any(Number), expect.any(Number)],
    };
    expect(answers["ipv4"]).toEqual(answered);
    // Wine 10 has no Icmp6ParseReplies; where it is, IPv6 answers too.
    if (!JSON.stringify(answers["ipv6"]).includes("Icmp6ParseReplies")) expect(answers["ipv6"]).toEqual(answered);
    expect(answers["nobody"]).not.toMatchObject({ roundTripsMs: [expect.any(Number)] });
    expect(answers["resolved"]).toEqual([{ address: "127.0.0.1", family: "ipv4" }]);
  });

  windowsTest("asks a website, with its certificate", () => {
    expect(answers["website"]).toMatchObject({
      outcome: "answered",
      certificate: { problem: "DEPTH_ZERO_SELF_SIGNED_CERT", subject: "localhost" },
      response: { status: 200, found: [true] },
    });
  });

  windowsTest("asks a device by SNMP", () => {
    expect(answers["device"]).toBeGreaterThan(5);
  });
});
