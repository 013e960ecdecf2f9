/** The scripts of the package for Macs, with programs of their own and everything below one folder. What only a Mac can show is not run. */
import { afterEach, describe, expect, test } from "bun:test";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parsePlist, plistText } from "@hauswart/agent/os/macos/plist.ts";
import { projectRoot } from "../sources.ts";

const packaging = join(projectRoot, "packages/agent/packaging/macos");
const orderPath = "Library/Application Support/Hauswart Agent/enrol.conf";
const made: string[] = [];
afterEach(() => made.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

/** A Mac on which launchd refuses to load the service so many times. */
async function postinstall({ order, refusals = 0 }: { order?: string; refusals?: number }) {
  const root = mkdtempSync(join(tmpdir(), "hauswart-pkg-"));
  made.push(root);
  const program = (path: string, lines: string) => {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), `#!/bin/sh\n${lines}\n`);
    chmodSync(join(root, path), 0o755);
  };
  const record = `>> ${root}/ran`;
  program("usr/local/bin/hauswart-agent", `echo "agent $* [$HAUSWART_AGENT_SERVER $HAUSWART_AGENT_TOKEN]" ${record}`);
  program("bin/sleep", "exit 0");
  program(
    "bin/launchctl",
    `echo "launchctl $*" ${record}; [ "$1" != bootstrap ] || [ "$(grep -c bootstrap ${root}/ran)" -gt ${refusals} ] || exit 37`,
  );
  if (order !== undefined) {
    mkdirSync(join(root, orderPath, ".."), { recursive: true });
    writeFileSync(join(root, orderPath), order);
  }
  const script = readFileSync(join(packaging, "postinstall"), "utf8")
    .replaceAll("/usr/local/bin/", `${root}/usr/local/bin/`)
    .replaceAll("/Library/Application Support", `${root}/Library/Application Support`);
  const child = Bun.spawn(["sh", "-c", script, "postinstall", "/package.pkg", "/", "/"], {
    env: { PATH: `${root}/bin:${process.env["PATH"]}` },
    stdout: "ignore",
    stderr: "pipe",
  });
  const [stderr, exitCode] = await Promise.all([new Response(child.stderr).text(), child.exited]);
  const ran = readFileSync(join(root, "ran"), "utf8").replaceAll(root, "").trim().split("\n");
  return { exitCode, stderr, ran, isOrderThere: existsSync(join(root, orderPath)) };
}

const load = "launchctl bootstrap system /Library/LaunchDaemons/hauswart-agent.plist";
const enable = "launchctl enable system/hauswart-agent";

describe("the package for Macs", () => {
  test("switches the service on and loads it, as `hauswart-agent install` does", async () => {
    expect(await postinstall({})).toMatchObject({ exitCode: 0, ran: [enable, load] });
  });

  test("waits while launchd still ends the service of before; an upgrade does not leave the computer without one", async () => {
    const { exitCode, ran } = await postinstall({ refusals: 7 });
    expect([exitCode, ran]).toEqual([0, [enable, ...Array.from({ length: 8 }, () => load)]]);
  });

  test("says so in the end when launchd does not take it", async () => {
    const { exitCode, ran, stderr } = await postinstall({ refusals: 99 });
    expect([exitCode, ran.length]).toEqual([1, 21]);
    expect(stderr).toContain("launchd does not take the service");
  });

  test("carries out a device management's order, with proxy and certificates, and removes it", async () => {
    const lines = { SERVER: "https://h.example", TOKEN: "hwe_token" };
    const order = (values: Record<string, string>) =>
      Object.entries(values)
        .map(([name, value]) => `HAUSWART_AGENT_${name}=${value}\n`)
        .join("");
    expect(await postinstall({ order: order(lines) })).toMatchObject({
      ran: ["agent enrol --later [https://h.example hwe_token]", enable, load],
      isOrderThere: false,
    });
    const all = { ...lines, PROXY: "http://user:a=b@proxy:3128", CA: "/Library/house.pem" };
    // The last line may lack its end.
    expect((await postinstall({ order: order(all).trimEnd() })).ran[0]).toBe(
      "agent enrol --later --ca /Library/house.pem --proxy http://user:a=b@proxy:3128 [https://h.example hwe_token]",
    );
  });

  test("the profile's requirement takes every team's id: one that begins with a digit stands in quotes (Code Signing Requirement Language)", () => {
    const profile = parsePlist(readFileSync(join(packaging, "hauswart-agent.mobileconfig"), "utf8"));
    expect(plistText(profile, "PayloadContent", 0, "Services", "SystemPolicyAllFiles", 0, "CodeRequirement")).toBe(
      'identifier "org.hauswart.agent" and anchor apple generic and certificate leaf[subject.OU] = "TEAMID"',
    );
  });
});
