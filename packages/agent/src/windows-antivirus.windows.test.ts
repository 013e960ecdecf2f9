/** Antivirus on a Windows computer, the whole way: a product by its service and registry, judged by a real server, told by mail. */
import { testNeeding, whyNoWindows } from "@hauswart/testkit/needs.ts";
import { windowsHouse } from "@hauswart/testkit/windows-house.ts";
import { wineImage } from "@hauswart/testkit/wine-image.ts";
import { beforeAll, expect } from "bun:test";
import { buildAgent } from "../../../tools/build-agent.ts";

const check = "antivirus-status";

const missing = whyNoWindows();
// Not in the time of the test: it takes minutes where there is none yet.
beforeAll(async () => {
  if (missing === undefined) await wineImage();
}, 960_000);

testNeeding(missing)(
  "MON-3: a Windows computer without protection alarms by mail, is well with a product that runs, and no more when its engine ends",
  async () => {
    const { path } = await buildAgent("windows-x64");
    await using house = await windowsHouse(path, [check], { hostName: "PC-EMPFANG" });
    const { computer, mails } = house;
    const stateIs = (state: string) => house.waitForCheck(check, "", (found) => found.state === state);
    const mailAbout = (words: string) => mails.waitForMail(({ message }) => message.subject?.includes(words) ?? false);

    await stateIs("failure");
    expect((await mailAbout("Kein Virenschutz")).message.text).toContain("PC-EMPFANG");

    const today = new Date().toISOString().slice(0, 10).replaceAll("-", "");
    const key = "HKLM\\SOFTWARE\\ESET\\ESET Security\\CurrentVersion\\Info";
    await computer.mustRun(["reg", "add", key, "/v", "ScannerVersion", "/t", "REG_SZ", "/d", `31234 (${today})`, "/f"]);
    await computer.mustRun(["sc", "create", "ekrn", "binPath=", "C:\\windows\\system32\\spoolsv.exe", "start=", "auto"]);
    await computer.mustRun(["net", "start", "ekrn"]);
    await house.measureNow();
    const well = await stateIs("ok");
    expect(well.subjects.find(({ code }) => code === "signatures-old")).toMatchObject({
      subject: "ESET",
      evidence: { engine: "running", signatureVersion: `31234 (${today})` },
    });

    await computer.stopService("ekrn");
    await house.measureNow();
    await stateIs("failure");
    const { items } = await house.server.api("listFindings", { query: { state: "open" } });
    expect(items.map(({ code, subject, severity }) => [code, subject, severity])).toContainEqual(["engine-off", "ESET", "failure"]);
  },
  400_000,
);
