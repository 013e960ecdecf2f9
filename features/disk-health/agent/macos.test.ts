import { describe, expect, test } from "bun:test";
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import { readDrives } from "./read-drives.macos.ts";

const plist = (inside: string) => `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>${inside}</dict></plist>`;
const value = (of: string | number | boolean) =>
  typeof of === "string" ? `<string>${of}</string>` : typeof of === "number" ? `<integer>${of}</integer>` : of ? "<true/>" : "<false/>";
const entries = (of: Readonly<Record<string, string | number | boolean>>) =>
  Object.entries(of)
    .map(([key, found]) => `<key>${key}</key>${value(found)}`)
    .join("");

const apple = {
  BusProtocol: "Apple Fabric",
  MediaName: "APPLE SSD AP0512Z",
  SMARTStatus: "Verified",
  SolidState: true,
  RemovableMedia: false,
  TotalSize: 500_277_792_768,
  VirtualOrPhysical: "Physical",
};
const log = `<key>SMARTDeviceSpecificKeysMayVaryNotGuaranteed</key><dict>${entries({ AVAILABLE_SPARE: 100, AVAILABLE_SPARE_THRESHOLD: 99, PERCENTAGE_USED: 4, TEMPERATURE: 305, MEDIA_ERRORS_0: 0, MEDIA_ERRORS_1: 0, POWER_ON_HOURS_0: 812, POWER_ON_HOURS_1: 0 })}</dict>`;

async function measure(disks: Readonly<Record<string, string | OsError>>, usbDrives = false) {
  const os = {
    run: async (program: string, words: readonly string[]) => {
      expect(program).toBe("diskutil");
      const names = Object.keys(disks).map((name) => `<string>${name}</string>`);
      if (words[0] === "list") return { exitCode: 0, stdout: plist(`<key>WholeDisks</key><array>${names.join("")}</array>`), stderr: "" };
      const found = disks[words[2]!]!;
      if (found instanceof OsError) throw found;
      return { exitCode: 0, stdout: found, stderr: "" };
    },
  } as unknown as Os;
  return readDrives({
    os,
    signal: new AbortController().signal,
    selection: { exclude: [], usbDrives, useSmartctl: true, forgetMissingDays: 30 },
  });
}

describe("a drive on macOS", () => {
  test.each<[string, string, object]>([
    [
      "of Apple's own",
      plist(entries(apple) + log),
      {
        drive: "APPLE SSD AP0512Z disk0",
        device: "/dev/disk0",
        kind: "nvme",
        state: "measured",
        prediction: "healthy",
        capacityBytes: 500_277_792_768,
        wearPercent: 4,
        availableSparePercent: 100,
        spareThresholdPercent: 99,
        temperatureCelsius: 32,
        mediaErrorCount: 0,
        powerOnSeconds: 812 * 3_600,
      },
    ],
    ["that fails", plist(entries({ ...apple, SMARTStatus: "Failing" })), { prediction: "failing", wearPercent: null }],
    [
      "of older computers",
      plist(entries({ ...apple, BusProtocol: "SATA", SolidState: false, MediaName: "WDC WD10 Media" })),
      { drive: "WDC WD10 disk0", kind: "hard-disk" },
    ],
    [
      "that tells nothing",
      plist(entries({ ...apple, SMARTStatus: "Not Supported" })),
      { state: "unreadable", problem: "macOS says of its S.M.A.R.T. status: Not Supported." },
    ],
  ])("%s", async (_, info, expected) => {
    expect(await measure({ disk0: info })).toMatchObject({ ok: { environment: "physical", virtualCount: 0, drives: [expected] } });
  });

  test.each<[string, object]>([
    ["a disk image", { BusProtocol: "Disk Image" }],
    ["at USB", { BusProtocol: "USB" }],
    ["removable", { RemovableMedia: true }],
  ])("%s is left out", async (_, changes) => {
    expect(await measure({ disk0: plist(entries(apple)), disk4: plist(entries({ ...apple, ...changes })) })).toMatchObject({
      ok: { drives: [{ device: "/dev/disk0" }] },
    });
  });

  test("a virtual computer's disk is counted", async () => {
    expect(
      await measure({ disk0: plist(entries({ ...apple, BusProtocol: "Virtual Interface", MediaName: "Apple Inc. VirtIO Block" })) }),
    ).toMatchObject({ ok: { environment: "virtual", virtualCount: 1, drives: [] } });
  });

  test("that cannot be asked does not hide the others", async () => {
    const read = await measure({ disk0: plist(entries(apple)), disk1: new OsError("COLLECT_TIMED_OUT", "diskutil") });
    expect(read).toMatchObject({
      ok: { drives: [{ state: "measured" }, { drive: "disk1", state: "unreadable", problem: "COLLECT_TIMED_OUT: diskutil" }] },
    });
  });

  test("none at all is told", async () => {
    expect(await measure({})).toEqual({ noData: "no-disk-found" });
  });
});
