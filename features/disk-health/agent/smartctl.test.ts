import { describe, expect, test } from "bun:test";
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import { nvmeAnswer, ataAnswer, scsiAnswer } from "./testing/made-smartctl.ts";
import { makeDrive, type Context, type Drive } from "./health.ts";
import { askSecondSource } from "./second-source.ts";
import { parseDevice, parseScan } from "./smartctl.ts";

describe("what smartctl says", () => {
  test("of an NVMe drive", () => {
    expect(parseDevice(nvmeAnswer({}), "/dev/nvme0")).toMatchObject({
      drive: "HAUSWART NVME 1TB HW-N-0002",
      kind: "nvme",
      state: "measured",
      source: "smartctl",
      prediction: "healthy",
      temperatureCelsius: 35,
      wearPercent: 3,
      availableSparePercent: 99,
      mediaErrorCount: 0,
      powerOnSeconds: 12_798 * 3_600,
      capacityBytes: 500_107_862_016,
    });
  });

  test.each<[string, Record<string, unknown>, object]>([
    [
      "at its end",
      nvmeAnswer({ passed: false, log: { critical_warning: 4 } }),
      { prediction: "failing", failingReasons: "critical warning 0x4" },
    ],
    ["that tells no warnings", nvmeAnswer({ log: { critical_warning: undefined } }), { isReadOnly: null }],
    ["read only", nvmeAnswer({ passed: false, log: { critical_warning: 8 } }), { prediction: "healthy", isReadOnly: true }],
    ["failing for a reason that it does not name", nvmeAnswer({ passed: false }), { prediction: "failing" }],
    ["with media errors", nvmeAnswer({ log: { media_errors: 7, percentage_used: 130 } }), { mediaErrorCount: 7, wearPercent: 100 }],
  ])("of an NVMe drive %s", (_, answer, expected) => {
    expect(parseDevice(answer, "/dev/nvme0")).toMatchObject(expected);
  });

  test.each<[string, Record<string, unknown>, object]>([
    [
      "that is well",
      ataAnswer({}),
      {
        kind: "hard-disk",
        prediction: "healthy",
        reallocatedCount: 0,
        pendingCount: 0,
        temperatureCelsius: 36,
        powerOnSeconds: 1_730 * 3_600,
      },
    ],
    ["that fails", ataAnswer({ passed: false }), { prediction: "failing" }],
    ["with replaced sectors", ataAnswer({ raw: { 5: 387 } }), { reallocatedCount: 387 }],
    ["that is an SSD", ataAnswer({ rotation: 0 }), { kind: "ssd" }],
    ["without a verdict", ataAnswer({ passed: null }), { prediction: "healthy", state: "measured" }],
  ])("of an ATA drive %s", (_, answer, expected) => {
    expect(parseDevice(answer, "/dev/sda")).toMatchObject(expected);
  });

  test("of a SAS drive", () => {
    expect(parseDevice(scsiAnswer(), "/dev/sdc")).toMatchObject({
      drive: "HAUSWART SAS 10K HW-S-0003",
      state: "measured",
      prediction: "failing",
      failingReasons: "FAILURE PREDICTION THRESHOLD EXCEEDED [asc=5d, ascq=0]",
      reallocatedCount: 12,
      mediaErrorCount: 3,
      wearPercent: 7,
      kind: "hard-disk",
    });
    const { scsi_error_counter_log: _, scsi_percentage_used_endurance_indicator: __, ...less } = scsiAnswer();
    expect(parseDevice(less, "/dev/sdc")).toMatchObject({ state: "measured", mediaErrorCount: null, wearPercent: null });
  });

  test.each<[string, Record<string, unknown>, object]>([
    ["that sleeps", { smartctl: { exit_status: 3, messages: [{ string: "Device is in STANDBY mode" }] } }, { state: "asleep" }],
    [
      "that does not open",
      { smartctl: { exit_status: 2, messages: [{ string: "Permission denied" }] } },
      { state: "unreadable", problem: "Permission denied" },
    ],
    [
      "that is a controller's volume",
      { vendor: "Intel", product: "Raid 1 Volume", smartctl: { exit_status: 4 } },
      { state: "unreadable", drive: "Intel Raid 1 Volume" },
    ],
    ["of which nothing is said", {}, { state: "unreadable", drive: "/dev/sda" }],
    [
      "in another form",
      { nvme_smart_health_information_log: "yes", ata_smart_attributes: { table: "no" }, smart_status: { passed: "maybe" } },
      { state: "unreadable" },
    ],
  ])("of a drive %s", (_, answer, expected) => {
    expect(parseDevice(answer, "/dev/sda")).toMatchObject(expected);
  });

  test("of devices: options and other words are none", () => {
    const devices = [
      { name: "/dev/sda", type: "sat" },
      { name: "/dev/bus/0", type: "megaraid,0" },
      { name: "-a", type: "x" },
      { name: "/dev/sdb; rm", type: "sat" },
      { name: "/dev/sdc", type: "$(x)" },
      "sdd",
    ];
    expect(parseScan({ devices })).toEqual([
      { device: "/dev/sda", type: "sat" },
      { device: "/dev/bus/0", type: "megaraid,0" },
    ]);
    expect([parseScan({}), parseScan({ devices: "all" })]).toEqual([[], []]);
  });
});

describe("the second source", () => {
  const sda = makeDrive({ drive: "HD 1", device: "/dev/sda", state: "measured", prediction: "healthy" });
  const sdb = makeDrive({ drive: "SAS", device: "/dev/sdb", state: "unreadable", problem: "SAS" });
  const controller = makeDrive({ drive: "PERC", device: "/dev/sdc", state: "behind-controller", problem: "RAID" });

  function context(
    answers: Readonly<Record<string, unknown>> | "not installed" | "hangs",
    useSmartctl = true,
  ): Context & { asked: string[] } {
    const asked: string[] = [];
    const os = {
      run: async (_: string, words: readonly string[]) => {
        asked.push(words.join(" "));
        if (answers === "not installed") throw new OsError("COLLECT_UNSUPPORTED", "smartctl");
        if (answers === "hangs") throw new OsError("COLLECT_TIMED_OUT", "smartctl");
        const found = Object.entries(answers).find(([words_]) => words.join(" ").endsWith(words_));
        return { exitCode: 0, stdout: JSON.stringify(found?.[1] ?? {}), stderr: "" };
      },
    } as unknown as Os;
    return {
      os,
      asked,
      signal: new AbortController().signal,
      selection: { exclude: [], usbDrives: false, useSmartctl, forgetMissingDays: 30 },
    };
  }
  const brief = (drives: readonly Drive[]) => drives.map(({ drive, state }) => `${drive} ${state}`);

  test("is not asked when all have told", async () => {
    const asking = context({});
    expect(brief(await askSecondSource(asking, [sda]))).toEqual(["HD 1 measured"]);
    expect(asking.asked).toEqual([]);
  });

  test("tells of what did not, and drives take their controller's place", async () => {
    const asking = context({
      "--scan-open --json=c": {
        devices: [
          { name: "/dev/sda", type: "sat" },
          { name: "/dev/sdb", type: "scsi" },
          { name: "/dev/bus/0", type: "megaraid,0" },
          { name: "/dev/bus/0", type: "megaraid,1" },
        ],
      },
      "scsi /dev/sdb": scsiAnswer(),
      "megaraid,0 /dev/bus/0": ataAnswer({ serial: "HW-R-0" }),
      "megaraid,1 /dev/bus/0": ataAnswer({ serial: "HW-R-1", passed: false }),
    });
    expect(brief(await askSecondSource(asking, [sda, sdb, controller]))).toEqual([
      "HD 1 measured",
      "HAUSWART SAS 10K HW-S-0003 measured",
      "HAUSWART HD 4000 HW-R-0 measured",
      "HAUSWART HD 4000 HW-R-1 measured",
    ]);
    expect(asking.asked.join("\n")).not.toContain("/dev/sda");
    expect(asking.asked[1]).toBe("--json=c --nocheck=standby,3 --all --device scsi /dev/sdb");
  });

  test.each<[string, Parameters<typeof context>]>([
    ["is not installed", ["not installed"]],
    ["hangs", ["hangs"]],
    ["knows no device", [{}]],
    ["must not be asked", [{ "--scan-open --json=c": { devices: [{ name: "/dev/sdb", type: "scsi" }] }, "/dev/sdb": scsiAnswer() }, false]],
  ])("that %s leaves what is known", async (_, about) => {
    const asking = context(...about);
    expect(brief(await askSecondSource(asking, [sda, sdb, controller]))).toEqual([
      "HD 1 measured",
      "SAS unreadable",
      "PERC behind-controller",
    ]);
  });

  test("whose answer says nothing either leaves the reason that was known", async () => {
    const asking = context({
      "--scan-open --json=c": { devices: [{ name: "/dev/sdb", type: "scsi" }] },
      "/dev/sdb": { smartctl: { exit_status: 2 } },
    });
    expect((await askSecondSource(asking, [sdb]))[0]).toEqual(sdb);
  });
});
