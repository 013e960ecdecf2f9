/** The tables of the package, as Windows Installer reads them: what Wine does not act on is at least looked at here. */
import { beforeAll, describe, expect } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { testNeeding, whyNoProgram } from "@hauswart/testkit/needs.ts";
import { temporaryFolder } from "@hauswart/testkit/temporary-folder.ts";
import { NtExecutable } from "resedit";
import { brandProgram } from "../windows-resources.ts";
import { mustRun } from "./programs.ts";
import { makeWindowsPackage } from "./windows.ts";

const missing = whyNoProgram("wixl", "msibuild", "msiinfo");
const packageTest = testNeeding(missing);
const patienceMs = 60_000;

describe("the tables of the package of Windows Installer", () => {
  const folder = temporaryFolder("msi-tables");
  const target = join(folder, "agent.msi");
  /** Rows by their first column; the three lines above them are names, types and keys. */
  const table = async (name: string) => {
    const lines = (await mustRun(["msiinfo", "export", target, name])).trimEnd().split(/\r?\n/);
    const names = lines[0]!.split("\t");
    const rows = lines.slice(3).map((line) => line.split("\t"));
    return new Map(rows.map((row) => [row[0]!, Object.fromEntries(names.map((column, index) => [column, row[index] ?? ""]))]));
  };

  beforeAll(async () => {
    if (missing !== undefined) return;
    const [plain, program, workshop] = ["plain.exe", "agent.exe", "workshop"].map((name) => join(folder, name)) as [string, string, string];
    mkdirSync(workshop);
    writeFileSync(plain, Buffer.from(NtExecutable.createEmpty(false, false).generate()));
    // The program may be newer than the package around it, as a tool's test or a second build of a release is.
    await brandProgram(plain, program, "1.20.4+abcd");
    await makeWindowsPackage({ program, version: "1.20.3", target, workshop, signing: undefined, compression: "quick" });
  }, patienceMs);

  packageTest(
    "the program is a file with its own version and language, and without the hash that only files without a version have",
    async () => {
      const files = await table("File");
      expect(files.get("program")).toMatchObject({ Version: "1.20.4.0", Language: "1033" });
      expect(files.get("license")).toMatchObject({ Version: "", Language: "" });
      expect([...(await table("MsiFileHash")).keys()]).toEqual(["license"]);
    },
    patienceMs,
  );

  packageTest(
    "whatever version of the program lies on the computer, also one that updated itself, the package puts its own there",
    async () => expect((await table("Property")).get("REINSTALLMODE")!["Value"]).toBe("amus"),
    patienceMs,
  );

  packageTest(
    "an upgrade removes the product of before within its transaction, and before anything is done to the computer",
    async () => {
      const sequence = await table("InstallExecuteSequence");
      const at = (action: string) => Number(sequence.get(action)!["Sequence"]);
      const removal = at("RemoveExistingProducts");
      expect(removal).toBeGreaterThan(at("InstallInitialize"));
      const steps = [
        "ProcessComponents",
        "StopServices",
        "DeleteServices",
        "RemoveFiles",
        "InstallFiles",
        "InstallServices",
        "StartServices",
      ];
      for (const step of [...steps, "StartAgain", "StopAgent", "RemoveData", "OrderEnrolment", "InstallFinalize"])
        expect([step, at(step) > removal]).toEqual([step, true]);
      expect(at("InstallFinalize")).toBeGreaterThan(at("StartServices"));
    },
    patienceMs,
  );

  packageTest(
    "an upgrade or removal that is rolled back starts the service again, once it is there again",
    async () => {
      const sequence = await table("InstallExecuteSequence");
      const { Sequence, Condition } = sequence.get("StartAgain")!;
      expect(Condition).toBe("REMOVE");
      expect(Number(Sequence)).toBeLessThan(Number(sequence.get("StopAgent")!["Sequence"]));
      // Base type 34, msidbCustomActionTypeContinue, Rollback, InScript, NoImpersonate.
      expect((await table("CustomAction")).get("StartAgain")).toMatchObject({
        Type: String(34 + 64 + 256 + 1024 + 2048),
        Source: "System64Folder",
        Target: "[System64Folder]net.exe start HauswartAgent",
      });
      expect((await table("Directory")).has("System64Folder")).toBe(true);
    },
    patienceMs,
  );

  packageTest(
    "removal takes the program away, also a newer one, and what an update left beside it",
    async () => {
      const files = await table("RemoveFile");
      for (const [key, ending] of Object.entries({ program: "", previous: ".previous", failed: ".failed", update: ".update" }))
        expect(files.get(key)).toMatchObject({
          Component_: "Program",
          DirProperty: "INSTALLDIR",
          // msidbRemoveFileInstallModeOnRemove
          InstallMode: "2",
          FileName: `hauswart-agent.exe${ending}`,
        });
    },
    patienceMs,
  );

  packageTest(
    "server, token and what else comes with them reach the part that has the rights; the token no log",
    async () => {
      const properties = await table("Property");
      const secure = properties.get("SecureCustomProperties")!["Value"]!.split(";");
      expect(secure).toEqual(expect.arrayContaining(["SERVER", "TOKEN", "NAME", "PROXY", "CA", "NEWERVERSION", "OLDERVERSION"]));
      expect(properties.get("MsiHiddenProperties")!["Value"]!.split(";")).toContain("TOKEN");
    },
    patienceMs,
  );
});
