import { describe, expect, test } from "bun:test";
import {
  ataIdentity,
  nvmeHealth,
  nvmeIdentity,
  smartData,
  smartThresholds,
  statisticsPage,
  type MadeAttribute,
} from "./testing/made-pages.ts";
import { ataDrive, nvmeDrive } from "./drive-pages.ts";

describe("NVMe", () => {
  const drive = (health: Uint8Array | undefined, identity: Uint8Array | undefined = nvmeIdentity()) =>
    nvmeDrive(
      {
        pages: { ...(identity && { "nvme-identify": identity }), ...(health && { "nvme-health": health }) },
        predictsFailure: undefined,
        problem: "",
      },
      "/dev/nvme0",
      "nvme0",
    );

  test("a healthy drive", () => {
    expect(drive(nvmeHealth())).toMatchObject({
      drive: "HAUSWART NVME 1TB HW-N-0002",
      device: "/dev/nvme0",
      kind: "nvme",
      firmware: "3B4Q",
      capacityBytes: 1_000_204_886_016,
      state: "measured",
      source: "drive",
      prediction: "healthy",
      isReadOnly: false,
      temperatureCelsius: 37,
      warningAtCelsius: 82,
      criticalAtCelsius: 85,
      availableSparePercent: 100,
      spareThresholdPercent: 10,
      wearPercent: 3,
      powerOnSeconds: 1_200 * 3_600,
      mediaErrorCount: 0,
    });
  });

  test.each<[string, Uint8Array, object]>([
    ["reliability degraded", nvmeHealth({ warning: 0x04 }), { prediction: "failing", failingReasons: "reliability degraded" }],
    ["backup failed as well", nvmeHealth({ warning: 0x14 }), { failingReasons: "reliability degraded, volatile memory backup failed" }],
    [
      "persistent memory unreliable",
      nvmeHealth({ warning: 0x20 }),
      { prediction: "failing", failingReasons: "persistent memory unreliable" },
    ],
    ["read only", nvmeHealth({ warning: 0x08 }), { prediction: "healthy", isReadOnly: true }],
    [
      "spare low and too warm, which have findings of their own",
      nvmeHealth({ warning: 0x03, spare: 4 }),
      { prediction: "healthy", availableSparePercent: 4 },
    ],
    ["worn beyond what was expected", nvmeHealth({ used: 255 }), { wearPercent: 100 }],
    ["media errors", nvmeHealth({ mediaErrors: 7 }), { mediaErrorCount: 7 }],
    ["no temperature", nvmeHealth({ kelvins: 0 }), { temperatureCelsius: null }],
    ["colder than ice", nvmeHealth({ kelvins: 263 }), { temperatureCelsius: -10 }],
    ["hours that are no hours", nvmeHealth({ hours: 9e14 }), { powerOnSeconds: null }],
  ])("%s", (_, health, expected) => {
    expect(drive(health)).toMatchObject({ state: "measured", ...expected });
  });

  test.each<[string, Uint8Array | undefined]>([
    ["no log", undefined],
    ["an empty log", new Uint8Array(512)],
    ["half a log", nvmeHealth().subarray(0, 100)],
  ])("%s is no health", (_, health) => {
    expect(drive(health)).toMatchObject({ state: "unreadable", prediction: "not-told", problem: "The drive gave no health log." });
  });

  test("a drive that does not say its name has the one that was known", () => {
    expect(drive(nvmeHealth(), new Uint8Array(4_096)).drive).toBe("nvme0");
  });
});

describe("ATA", () => {
  const hardDisk: MadeAttribute[] = [
    { id: 1, value: 117, raw: 166_000_000, threshold: 6, isPrefailure: true },
    { id: 5, raw: 0, threshold: 10, isPrefailure: true },
    { id: 9, value: 61, raw: 34_567 },
    { id: 187, raw: 0 },
    { id: 194, value: 32, raw: 0x0000_0011_0000_0020 },
    { id: 197, raw: 0 },
    { id: 198, raw: 0 },
    { id: 199, value: 200, raw: 4 },
  ];
  const withAttribute = (changed: MadeAttribute) =>
    [...hardDisk.filter(({ id }) => id !== changed.id), changed].sort((one, other) => one.id - other.id);

  interface Made {
    readonly attributes?: readonly MadeAttribute[];
    readonly identity?: Uint8Array;
    readonly predictsFailure?: boolean;
    readonly more?: Readonly<Record<string, Uint8Array>>;
  }
  const drive = ({ attributes, identity = ataIdentity(), more = {}, ...made }: Made) =>
    ataDrive(
      {
        pages: {
          "ata-identify": identity,
          ...(attributes && { "ata-attributes": smartData(attributes), "ata-thresholds": smartThresholds(attributes) }),
          ...more,
        },
        predictsFailure: "predictsFailure" in made ? made.predictsFailure : false,
        problem: "",
      },
      "/dev/sda",
      "sda",
    );

  test("a healthy hard disk", () => {
    expect(drive({ attributes: hardDisk })).toMatchObject({
      drive: "HAUSWART HD 4000 HW-0001",
      kind: "hard-disk",
      firmware: "1.02",
      capacityBytes: 4_000_787_030_016,
      state: "measured",
      prediction: "healthy",
      reallocatedCount: 0,
      pendingCount: 0,
      uncorrectableCount: 0,
      mediaErrorCount: 0,
      transferErrorCount: 4,
      temperatureCelsius: 32,
      powerOnSeconds: 34_567 * 3_600,
      wearPercent: null,
    });
  });

  test.each<[string, Made, object]>([
    ["says that it fails", { attributes: hardDisk, predictsFailure: true }, { prediction: "failing", failingReasons: "" }],
    [
      "has an attribute at its limit",
      { attributes: withAttribute({ id: 5, value: 10, raw: 3_000, threshold: 10, isPrefailure: true }) },
      { prediction: "failing", failingReasons: "5 Reallocated_Sector_Ct (10, limit 10)", reallocatedCount: 3_000 },
    ],
    [
      "has an old-age attribute at its limit",
      { attributes: withAttribute({ id: 9, value: 1, raw: 90_000, threshold: 1 }) },
      { prediction: "healthy", failingReasons: "" },
    ],
    ["gives no verdict, but has limits", { attributes: hardDisk, predictsFailure: undefined }, { prediction: "healthy" }],
    ["packs more into the raw value than the counter", { attributes: withAttribute({ id: 197, raw: 2 ** 33 + 8 }) }, { pendingCount: 8 }],
    ["is colder than ice", { attributes: withAttribute({ id: 194, raw: 0xf6 }) }, { temperatureCelsius: -10 }],
    [
      "counts reported errors in its statistics",
      { attributes: hardDisk, more: { "ata-error-statistics": statisticsPage(4, 21) } },
      { mediaErrorCount: 21 },
    ],
    [
      "has an invalid statistic",
      { attributes: hardDisk, more: { "ata-error-statistics": statisticsPage(4, 21, 0x80) } },
      { mediaErrorCount: 0 },
    ],
    [
      "sends another page than was asked for",
      { attributes: hardDisk, more: { "ata-error-statistics": statisticsPage(5, 21) } },
      { mediaErrorCount: 0 },
    ],
    [
      "has large sectors",
      { attributes: hardDisk, identity: ataIdentity({ sectors: 1_000, sectorBytes: 4_096 }) },
      { capacityBytes: 4_096_000 },
    ],
    [
      "gives nothing but its verdict",
      { predictsFailure: false },
      { state: "measured", prediction: "healthy", problem: "The drive gave no S.M.A.R.T. attributes." },
    ],
  ])("one that %s", (_, made, expected) => {
    expect(drive(made)).toMatchObject(expected);
  });

  test.each<[string, Made, string]>([
    ["nothing", { predictsFailure: undefined }, "The drive gave no S.M.A.R.T. data."],
    [
      "nothing, because it has nothing",
      { predictsFailure: undefined, identity: ataIdentity({ words: { 82: 0 } }) },
      "The drive has no S.M.A.R.T.",
    ],
    [
      "nothing, because it is switched off",
      { predictsFailure: undefined, identity: ataIdentity({ words: { 85: 0 } }) },
      "S.M.A.R.T. is switched off on the drive.",
    ],
    [
      "damaged data",
      { predictsFailure: undefined, more: { "ata-attributes": smartData(hardDisk).fill(1, 500, 501) } },
      "The drive gave no S.M.A.R.T. data.",
    ],
  ])("one that tells %s is unreadable", (_, made, problem) => {
    expect(drive(made)).toMatchObject({ state: "unreadable", prediction: "not-told", problem });
  });

  test.each<[string, readonly MadeAttribute[], Readonly<Record<string, Uint8Array>>, number | null]>([
    ["by its statistics", [{ id: 177, value: 80 }], { "ata-wear-statistics": statisticsPage(7, 12) }, 12],
    ["by Samsung's attribute", [{ id: 177, value: 80 }], {}, 20],
    [
      "by Intel's, which comes first",
      [
        { id: 177, value: 80 },
        { id: 233, value: 97 },
      ],
      {},
      3,
    ],
    [
      "by Phison's, beside which Intel's counts what was written",
      [
        { id: 169, value: 100 },
        { id: 231, value: 14 },
        { id: 233, value: 100 },
      ],
      {},
      86,
    ],
    [
      "by Intel's, beside which Phison's counts errors of the line, as on Lenovo's",
      [
        { id: 231, value: 100 },
        { id: 233, value: 40 },
      ],
      {},
      60,
    ],
    [
      "by Micron's, beside which Phison's is a temperature",
      [
        { id: 202, value: 97 },
        { id: 231, value: 41 },
      ],
      {},
      3,
    ],
    ["beyond its life", [{ id: 233, value: 100 }], { "ata-wear-statistics": statisticsPage(7, 180) }, 100],
    ["not at all", [{ id: 9, value: 100, raw: 5 }], {}, null],
    ["by a value that is none", [{ id: 233, value: 200 }], {}, null],
  ])("an SSD's wear, %s", (_, attributes, more, expected) => {
    expect(drive({ attributes, more, identity: ataIdentity({ rotation: 1 }) })).toMatchObject({ kind: "ssd", wearPercent: expected });
  });

  test("attributes are read up to the last place, and impossible values are none", () => {
    const many = Array.from({ length: 30 }, (_, index): MadeAttribute => ({
      id: index + 170,
      value: 50,
      threshold: 60,
      isPrefailure: index === 29,
    }));
    expect(drive({ attributes: many })).toMatchObject({ prediction: "failing", failingReasons: "199 attribute (50, limit 60)" });
    expect(
      drive({
        attributes: [
          { id: 9, raw: 4e9 },
          { id: 194, raw: 0 },
        ],
      }),
    ).toMatchObject({ powerOnSeconds: null, temperatureCelsius: null });
  });

  test("a hard disk does not wear", () => {
    expect(drive({ attributes: [{ id: 231, value: 60 }] }).wearPercent).toBeNull();
  });
});
