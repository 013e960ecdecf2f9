import { afterAll, beforeAll, describe, expect } from "bun:test";
import { existsSync } from "node:fs";
import { testNeeding, whyNoWindows } from "./needs.ts";
import { startWindows, type WindowsComputer } from "./wine.ts";
import { until } from "./until.ts";

const missing = whyNoWindows();
const windowsTest = testNeeding(missing);

describe("a Windows computer", () => {
  let computer: WindowsComputer;
  beforeAll(async () => {
    if (missing === undefined) computer = await startWindows({ hostName: "PC-EMPFANG", drives: [{ letter: "D", mebibytes: 8 }] });
  }, 960_000);
  afterAll(() => computer?.[Symbol.asyncDispose]());

  windowsTest("is Windows 10, has its own name, and tells what a program wrote and how it ended", async () => {
    expect(await computer.mustRun(["cmd", "/c", "ver"])).toContain("10.0.");
    expect((await computer.mustRun(["cmd", "/c", "echo %COMPUTERNAME% %GREETING%"], { environment: { GREETING: "hi" } })).trim()).toBe(
      "PC-EMPFANG hi",
    );
    expect(await computer.run(["cmd", "/c", "echo no& exit 3"])).toEqual({ exitCode: 3, stdout: "no\n", stderr: "" });
    await expect(computer.mustRun(["cmd", "/c", "exit 3"])).rejects.toThrow("PC-EMPFANG: cmd /c exit 3 ended with 3");
  });

  windowsTest("has files, on drive C and on others", async () => {
    await computer.writeFile("C:\\Program Files\\Test\\note.txt", "hello");
    expect((await computer.mustRun(["cmd", "/c", "type", "c:\\program files\\test\\note.txt"])).trim()).toBe("hello");
    expect(computer.readFile("c:\\PROGRAM FILES\\test\\Note.txt")).toBe("hello");
    await computer.mustRun(["cmd", "/c", "echo x> D:\\there.txt"]);
    expect([computer.exists("D:\\there.txt"), computer.exists("D:\\nowhere.txt")]).toEqual([true, false]);
  });

  windowsTest("starts and stops services, which stay while nobody does anything", async () => {
    await computer.mustRun(["net", "start", "Spooler"]);
    await Bun.sleep(3_000);
    expect(await computer.mustRun(["sc", "query", "Spooler"])).toContain("RUNNING");
    await computer.stopService("Spooler");
    expect(await computer.mustRun(["sc", "query", "Spooler"])).toContain("STOPPED");
  });

  windowsTest("runs programs that go on, until they are ended", async () => {
    const program = computer.start(["cmd", "/c", "echo started& ping -n 1000 127.0.0.1 >nul"]);
    await until("the start", () => program.output().includes("started"));
    await program.kill();
    expect(program.output()).toContain("started");
    const hardlyBegun = computer.start(["cmd", "/c", "ping -n 1000 127.0.0.1 >nul"]);
    await hardlyBegun.kill();
  });

  windowsTest(
    "keeps its files and its registry over a shutdown",
    async () => {
      await computer.writeFile("C:\\kept.txt", "hello");
      await computer.mustRun(["reg", "add", "HKLM\\Software\\Test", "/v", "Kept", "/d", "yes", "/f"]);
      await computer.powerOff();
      await computer.powerOn();
      expect(await computer.mustRun(["reg", "query", "HKLM\\Software\\Test", "/v", "Kept"])).toContain("yes");
      expect(computer.readFile("C:\\kept.txt")).toBe("hello");
    },
    120_000,
  );
});

windowsTest(
  "a computer that is switched off leaves nothing behind, and another has nothing of it",
  async () => {
    let folder: string;
    {
      await using computer = await startWindows();
      folder = computer.folder;
      await computer.writeFile("C:\\mine.txt", "mine");
      await using other = await startWindows();
      expect(other.exists("C:\\mine.txt")).toBe(false);
      expect(other.hostName).not.toBe(computer.hostName);
    }
    expect(existsSync(folder)).toBe(false);
  },
  120_000,
);
