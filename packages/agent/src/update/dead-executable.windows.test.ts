/**
 * A new executable that does not start, on a Windows computer. Wine carries out no failure actions, so the command that the service
 * manager would run is run by hand; that the agent sets it is in its system's own call.
 */
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect } from "bun:test";
import { startFakeServer, type FakeServer } from "@hauswart/testkit/fake-server.ts";
import { testNeeding, whyNoWindows } from "@hauswart/testkit/needs.ts";
import { until } from "@hauswart/testkit/until.ts";
import { startWindows, type WindowsComputer } from "@hauswart/testkit/wine.ts";
import { buildAgent } from "../../../../tools/build-agent.ts";
import { serviceName, takeBackCommand } from "../os/windows/service-structures.ts";
import { parseState } from "./state.ts";

const missing = whyNoWindows();
const windowsTest = testNeeding(missing);
const executable = "C:\\Program Files\\Hauswart Agent\\hauswart-agent.exe";
const previous = `${executable}.previous`;
const updateFolder = "C:\\ProgramData\\Hauswart Agent\\update";

describe("the service manager's command on Windows", () => {
  let computer: WindowsComputer;
  let server: FakeServer;

  const greetings = () => server.core.hellos.length;
  /** From a file, so that every quote reaches cmd.exe as it stands. */
  const runCommand = () => computer.run(["C:\\command.bat"], { timeoutMs: 60_000 });
  async function standing(): Promise<string> {
    const { stdout } = await computer.run(["sc", "query", serviceName]);
    const files = [executable, previous, `${executable}.failed`, `${updateFolder}\\taken-back`].map((path) => [
      path,
      computer.exists(path),
    ]);
    const texts = ["update\\state.json", "agent.log"].map((name) => `C:\\ProgramData\\Hauswart Agent\\${name}`);
    const read = texts.map((path) => (computer.exists(path) ? computer.readFile(path) : `no ${path}`));
    return ["a greeting", stdout, JSON.stringify(files), ...read].join("\n");
  }

  beforeAll(async () => {
    if (missing !== undefined) return;
    server = await startFakeServer({});
    computer = await startWindows({ hostName: "PC-LAGER" });
    await computer.installFile((await buildAgent("windows-x64-baseline")).path, "C:\\agent.exe");
    await computer.mustRun(["C:\\agent.exe", "enrol", "--server", server.url], {
      environment: { HAUSWART_AGENT_TOKEN: server.core.behaviour.token },
    });
    await computer.mustRun(["C:\\agent.exe", "install"]);
    await server.core.until(() => greetings() > 0);
    const command = takeBackCommand({ name: serviceName, executable, previous, updateFolder, systemRoot: "C:\\windows" });
    writeFileSync(computer.fileOf("C:\\command.bat"), `@${command}\r\n`);
  }, 960_000);
  afterAll(async () => {
    await computer?.[Symbol.asyncDispose]();
    await server?.stop();
  });

  windowsTest(
    "starts one that can be started, and leaves one that runs alone",
    async () => {
      copyFileSync(computer.fileOf(executable), computer.fileOf(previous));
      await computer.stopService(serviceName);
      const before = greetings();
      await runCommand();
      await server.core.until(() => greetings() > before);
      await runCommand();
      expect([computer.exists(`${executable}.failed`), computer.exists(`${updateFolder}\\taken-back`)]).toEqual([false, false]);
    },
    120_000,
  );

  windowsTest(
    "puts the one of before back when the new one does not start, and the server hears of it",
    async () => {
      await computer.stopService(serviceName);
      copyFileSync(computer.fileOf(executable), computer.fileOf(previous));
      rmSync(computer.fileOf(executable));
      writeFileSync(computer.fileOf(executable), "damaged");
      mkdirSync(computer.fileOf(updateFolder), { recursive: true });
      const trial = { slot: "executable", version: "9.9.9", starts: 0, confirmSeconds: 300, previousExecutable: previous };
      writeFileSync(computer.fileOf(`${updateFolder}\\state.json`), JSON.stringify({ current: "built-in", trial }));
      const before = greetings();
      await runCommand();
      // Windows starts an agent again that ends to begin anew; Wine does not.
      await until(standing, async () => {
        await computer.run(["net", "start", serviceName]);
        return greetings() > before;
      });
      expect(parseState(readFileSync(computer.fileOf(`${updateFolder}\\state.json`), "utf8")).last).toMatchObject({ code: "DIES_AT_ONCE" });
      expect(computer.exists(`${updateFolder}\\taken-back`)).toBe(false);
    },
    180_000,
  );
});
