/** The agent as a process, against the server's side of the protocol over TLS. */
import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CheckInstance } from "@hauswart/protocol/wire/messages.ts";
import { startConnectProxy } from "@hauswart/testkit/connect-proxy.ts";
import { startFakeServer, type FakeServer, type FakeServerCore } from "@hauswart/testkit/fake-server.ts";
import { testCertificate, type TestCertificate } from "@hauswart/testkit/certificate.ts";
import { TestAgent } from "@hauswart/testkit/made-up-agent/agent-process.ts";
import { temporaryFolder } from "@hauswart/testkit/temporary-folder.ts";

// Longer than a wait, which says how things stand when it was in vain.
setDefaultTimeout(120_000);

const counting: CheckInstance = { number: 1, check: "counting", instance: "", everySeconds: 1, selectionVersion: 4, selection: {} };
let tls: TestCertificate;
const folder = temporaryFolder("test");
const caPath = join(folder, "ca.pem");

beforeAll(async () => {
  tls = await testCertificate();
  writeFileSync(caPath, tls.certificate);
});

async function enrol(agent: TestAgent, server: FakeServer, ...more: string[]) {
  return agent.command("enrol", "--server", server.url, "--token", server.core.behaviour.token, "--ca", caPath, ...more);
}

/** Counts that one run of the agent has sent, in order of arrival. */
function countsByRun(core: FakeServerCore): Map<string, number[]> {
  const counts = new Map<string, number[]>();
  for (const { ok } of core.samples) {
    const { run, count } = ok as { run: string; count: number };
    counts.set(run, [...(counts.get(run) ?? []), count]);
  }
  return counts;
}

describe("enrolment", () => {
  test("makes a key, pins the server's, and keeps both for the owner alone", async () => {
    await using agent = new TestAgent();
    const server = await startFakeServer({ tls });
    const { exitCode, stdout } = await enrol(agent, server, "--name", "Reception");
    expect(stdout).toContain(`Enrolled at ${server.url}`);
    expect(exitCode).toBe(0);
    expect(server.core.enrolments[0]).toMatchObject({ name: "Reception", computer: { system: process.platform } });
    expect(statSync(agent.data.path).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(agent.data.path)) expect(statSync(agent.data.file(name)).mode & 0o077).toBe(0);
    await server.stop();
  });

  const refusals: [what: string, argumentList: (server: FakeServer) => string[], words: string, exitCode: number][] = [
    ["a wrong token", ({ url }) => ["--server", url, "--token", "x".repeat(30), "--ca", caPath], "ENROLMENT_TOKEN_INVALID", 1],
    ["an untrusted certificate", ({ url }) => ["--server", url, "--token", "x".repeat(30)], "cannot be reached", 1],
    ["plain HTTP to another computer", () => ["--server", "http://hauswart.example.org", "--token", "x"], "https://", 1],
    ["no token", ({ url }) => ["--server", url], "--token is missing", 2],
    ["a file that holds no certificate", ({ url }) => ["--server", url, "--token", "x", "--ca", "/etc/hostname"], "no certificate", 2],
    ["an option that nobody knows", () => ["--sever", "x"], "--sever", 2],
    ["a proxy that is none", ({ url }) => ["--server", url, "--token", "x", "--proxy", "socks5://x"], "not supported", 1],
  ];
  for (const [what, argumentList, words, exitCode] of refusals) {
    test(`with ${what} stores nothing and says why`, async () => {
      await using agent = new TestAgent();
      const server = await startFakeServer({ tls });
      const result = await agent.command("enrol", ...argumentList(server));
      expect(result.stderr).toContain(words);
      expect(result.exitCode).toBe(exitCode);
      expect(readdirSync(agent.data.path)).toEqual([]);
      await server.stop();
    });
  }

  test("goes through the environment's proxy and shows nobody its password", async () => {
    const server = await startFakeServer({ tls });
    const proxy = await startConnectProxy({ credentials: "user:secret", route: () => ({ host: "127.0.0.1", port: server.port }) });
    await using agent = new TestAgent({ HTTPS_PROXY: `http://user:secret@127.0.0.1:${proxy.port}`, NO_PROXY: "example.com" });
    // The server's certificate is for localhost, which no environment sends through a proxy: it is reached, and then not believed.
    const refused = await agent.command(
      "enrol",
      "--server",
      "https://hauswart.example.org",
      "--token",
      server.core.behaviour.token,
      "--ca",
      caPath,
    );
    expect(proxy.opened).toEqual(["hauswart.example.org:443"]);
    expect(refused.stderr).toContain("through the proxy 127.0.0.1");
    expect(refused.stderr).not.toContain("secret");
    await proxy.stop();
    await server.stop();
  });

  test("with a proxy of its own goes through it, and so does the link", async () => {
    const server = await startFakeServer({ tls });
    const proxy = await startConnectProxy({ credentials: "user:secret" });
    await using agent = new TestAgent();
    const enrolled = await enrol(agent, server, "--proxy", `http://user:secret@127.0.0.1:${proxy.port}`);
    expect(enrolled.stdout).toContain(`Proxy: http://127.0.0.1:${proxy.port}`);
    agent.run();
    const status = await agent.until(({ link }) => link.state === "connected");
    expect(proxy.opened).toEqual([`localhost:${server.port}`, `localhost:${server.port}`]);
    await agent.end("SIGTERM");
    for (const shown of [enrolled.stdout, JSON.stringify(status), agent.log]) expect(shown).not.toContain("secret");
    await proxy.stop();
    await server.stop();
  });
});

describe("run", () => {
  test("connects, is configured, measures, and says goodbye", async () => {
    await using agent = new TestAgent();
    const server = await startFakeServer({ tls });
    server.core.behaviour.checks = [counting, { ...counting, number: 2, check: "failing", everySeconds: 3_600 }];
    await enrol(agent, server);
    agent.run();
    await server.core.until(() => server.core.samples.filter(({ check }) => check === 1).length >= 3);
    const status = await agent.until(({ lastAcknowledgedAt }) => lastAcknowledgedAt !== null);
    expect(status.link.state).toBe("connected");
    expect(status.checks.map(({ check, lastOutcome }) => [check, lastOutcome])).toEqual([
      ["counting", "ok"],
      ["failing", "COLLECT_UNREADABLE"],
    ]);
    expect(server.core.hellos[0]!.checks).toEqual({ counting: 1, failing: 3, acting: 1 });
    expect(server.core.samples[0]).toMatchObject({ selectionVersion: 4 });
    const human = await agent.command("status");
    expect([human.exitCode, human.stdout]).toEqual([0, expect.stringMatching(/Connection +connected/)]);
    expect(await agent.end("SIGTERM")).toBe(0);
    await server.core.until(() => server.core.goodbyes.length === 1);
    expect(server.core.goodbyes).toEqual(["agent-stop"]);
    expect(server.core.objections).toEqual([]);
    const after = await agent.command("status");
    expect([after.exitCode, after.stdout]).toEqual([3, expect.stringContaining("No agent is running")]);
    await server.stop();
  });

  test("measures without the server, through kill -9, and hands everything in once when it is back", async () => {
    await using agent = new TestAgent();
    let server = await startFakeServer({ tls });
    const { core, port } = server;
    core.behaviour.checks = [counting];
    await enrol(agent, server);
    agent.run();
    await core.until(() => core.samples.length >= 2);
    await server.stop();
    const kept = await agent.until(({ buffer }) => buffer.waitingBatches >= 3);
    await agent.end("SIGKILL");
    agent.run(); // knows what to measure although it has not seen the server
    await agent.until(({ buffer }) => buffer.waitingBatches >= kept.buffer.waitingBatches + 3);
    await agent.end("SIGKILL");
    agent.run();
    const waiting = (await agent.until(({ link, buffer }) => link.state === "waiting" && buffer.waitingBatches >= 8)).buffer.waitingBatches;
    const before = core.samples.length;
    server = await startFakeServer({ tls, core, port });
    await core.until(() => core.samples.length >= before + waiting);
    await agent.end("SIGTERM");
    const runs = countsByRun(core);
    expect(runs.size).toBe(3);
    for (const counts of runs.values()) expect(counts).toEqual(counts.map((_, index) => index + 1));
    expect(core.objections).toEqual([]);
    await server.stop();
  });

  test("kill -9 at any moment, again and again: no gap, nothing doubled, no number used twice", async () => {
    await using agent = new TestAgent();
    const server = await startFakeServer({ tls });
    const { core } = server;
    core.behaviour.checks = [counting];
    await enrol(agent, server);
    for (let round = 1; round <= 6; round++) {
      core.behaviour.acknowledge = round % 2 === 0;
      agent.run();
      await core.until(() => core.hellos.length === round);
      await core.until(() => countsByRun(core).size === round);
      await Bun.sleep(Math.random() * 1_500);
      await agent.end("SIGKILL");
    }
    for (const counts of countsByRun(core).values()) expect(counts).toEqual(counts.map((_, index) => index + 1));
    expect(core.objections).toEqual([]);
    expect(new Set(core.hellos.map(({ stream }) => stream)).size).toBe(1);
    expect(new Set(core.hellos.map(({ runId }) => runId)).size).toBe(6);
    await server.stop();
  });

  test("a second agent in the same directory is refused; what a killed one left is not in the way", async () => {
    await using agent = new TestAgent();
    const server = await startFakeServer({ tls });
    await enrol(agent, server);
    agent.run();
    await agent.until(() => true);
    const second = await agent.command("run");
    expect([second.exitCode, second.stderr]).toEqual([1, expect.stringContaining("Another agent")]);
    await agent.end("SIGKILL");
    agent.run();
    await agent.until(({ link }) => link.state === "connected");
    await server.stop();
  });

  test("without enrolment it says what to do", async () => {
    await using agent = new TestAgent();
    const result = await agent.command("run");
    expect([result.exitCode, result.stderr]).toEqual([1, expect.stringContaining("hauswart-agent enrol")]);
  });

  test("enrolled anew it has another key and identity and starts clean", async () => {
    await using agent = new TestAgent();
    const server = await startFakeServer({ tls });
    await enrol(agent, server);
    agent.run();
    await agent.until(({ link }) => link.state === "connected");
    await agent.end("SIGTERM");
    await enrol(agent, server);
    agent.run();
    await agent.until(({ link }) => link.state === "connected");
    await agent.end("SIGTERM");
    expect(new Set(server.core.hellos.map(({ deviceId }) => deviceId)).size).toBe(2);
    expect(readdirSync(agent.data.path).filter((name) => /^identity|^buffer/.test(name)).length).toBe(2);
    await server.stop();
  });
});

describe("removal", () => {
  test("by the server: the agent says goodbye to its files and its key, and ends", async () => {
    await using agent = new TestAgent();
    const server = await startFakeServer({ tls });
    await enrol(agent, server);
    server.core.behaviour.refuse = { code: "DEVICE_REVOKED", retryAfterSeconds: 600, order: "removal" };
    agent.run();
    expect(await agent.ended()).toBe(0);
    expect(existsSync(agent.data.path)).toBe(false);
    await server.stop();
  });

  test("by hand: only when somebody says yes, and only what is the agent's", async () => {
    await using agent = new TestAgent();
    const server = await startFakeServer({ tls });
    await enrol(agent, server);
    writeFileSync(agent.data.file("holiday.jpg"), "");
    const unasked = await agent.command("uninstall");
    expect([unasked.exitCode, unasked.stderr]).toEqual([2, expect.stringContaining("--yes")]);
    expect(readdirSync(agent.data.path)).toContain("agent.json");
    expect((await agent.command("uninstall", "--yes")).exitCode).toBe(0);
    expect(readdirSync(agent.data.path)).toEqual(["holiday.jpg"]);
    await server.stop();
  });

  test("by hand is refused where no agent is", async () => {
    await using agent = new TestAgent();
    writeFileSync(agent.data.file("identity-of-somebody.txt"), "");
    const { exitCode, stderr } = await agent.command("uninstall", "--yes");
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("not enrolled")]);
    expect(readdirSync(agent.data.path)).toEqual(["identity-of-somebody.txt"]);
  });
});

describe("collect", () => {
  test("shows what is on by default, without a server, and changes nothing", async () => {
    await using agent = new TestAgent();
    const { exitCode, stdout } = await agent.command("collect", "--json");
    const shown = JSON.parse(stdout) as { computer: { system: string }; samples: Record<string, unknown>[]; signedIn: unknown };
    expect(exitCode).toBe(0);
    expect(shown.signedIn).toHaveProperty("people");
    expect(shown.computer.system).toBe(process.platform);
    expect(shown.samples).toMatchObject([
      { check: "counting", ok: { count: 1 } },
      { check: "failing", failed: "COLLECT_UNREADABLE" },
    ]);
    expect(readdirSync(agent.data.path)).toEqual([]);
  });

  test("one check by name, with its default settings, only looking", async () => {
    await using agent = new TestAgent();
    const { stdout } = await agent.command("collect", "--json", "--check", "acting");
    expect((JSON.parse(stdout) as { samples: unknown[] }).samples).toMatchObject([
      { check: "acting", ok: { acted: false, selection: { depth: 3 } } },
    ]);
    const unknown = await agent.command("collect", "--check", "nonsense");
    expect([unknown.exitCode, unknown.stderr]).toEqual([2, expect.stringContaining("acting, counting, failing")]);
  });

  test("for a person it is text", async () => {
    await using agent = new TestAgent();
    const { stdout } = await agent.command("collect");
    expect(stdout).toContain("COLLECT_UNREADABLE: made up");
    expect(stdout).toContain("count: 1");
    expect(stdout).toContain("signed in, told to a server that asks for it");
  });
});
