import { describe, expect, test } from "bun:test";
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import { parseSupply, readBatteries as linux } from "./read-batteries.linux.ts";
import { readBatteries as macos } from "./read-batteries.macos.ts";
import { readBatteries as windows } from "./read-batteries.windows.ts";

/** As the kernel's documentation of the class has it. */
const thinkpad = `POWER_SUPPLY_NAME=BAT0
POWER_SUPPLY_TYPE=Battery
POWER_SUPPLY_STATUS=Discharging
POWER_SUPPLY_PRESENT=1
POWER_SUPPLY_TECHNOLOGY=Li-poly
POWER_SUPPLY_CYCLE_COUNT=312
POWER_SUPPLY_VOLTAGE_MIN_DESIGN=11520000
POWER_SUPPLY_POWER_NOW=6432000
POWER_SUPPLY_ENERGY_FULL_DESIGN=57020000
POWER_SUPPLY_ENERGY_FULL=44190000
POWER_SUPPLY_ENERGY_NOW=22000000
POWER_SUPPLY_CAPACITY=49
POWER_SUPPLY_MODEL_NAME=5B10W13930
POWER_SUPPLY_MANUFACTURER=SMP
`;

describe("Linux", () => {
  test("a battery that counts in watt hours", () => {
    expect(parseSupply("BAT0", thinkpad)).toEqual({
      name: "BAT0",
      model: "SMP 5B10W13930",
      designCapacity: "57020 mWh",
      healthPercent: 77.5,
      chargePercent: 49,
      cycleCount: 312,
      activity: "discharging",
      failed: false,
    });
  });

  test.each<[string, string, object | undefined]>([
    ["counts in ampere hours", thinkpad.replaceAll("ENERGY", "CHARGE"), { healthPercent: 77.5 }],
    ["takes more than when new", thinkpad.replace("44190000", "58000000"), { healthPercent: 100 }],
    ["does not count cycles", thinkpad.replace("=312", "=0"), { cycleCount: null }],
    ["does not know what it was", thinkpad.replace(/.*FULL_DESIGN.*\n/, ""), { healthPercent: null, designCapacity: "" }],
    ["on mains at its limit", thinkpad.replace("Discharging", "Not charging"), { activity: "idle" }],
    ["failed", `${thinkpad}POWER_SUPPLY_HEALTH=Dead\n`, { failed: true }],
    ["of a mouse", `${thinkpad}POWER_SUPPLY_SCOPE=Device\n`, undefined],
    ["taken out", thinkpad.replace("PRESENT=1", "PRESENT=0"), undefined],
    ["of nonsense", "hello", { healthPercent: null, chargePercent: null, activity: "not-told" }],
  ])("a battery %s", (_, uevent, expected) => {
    const found = parseSupply("BAT0", uevent);
    if (expected === undefined) expect(found).toBeUndefined();
    else expect(found).toMatchObject(expected);
  });

  test("only batteries of the computer count; a kernel without the class knows nothing", async () => {
    const supplies: Record<string, [type: string, uevent: string]> = {
      BAT1: ["Battery\n", thinkpad],
      AC: ["Mains\n", "POWER_SUPPLY_ONLINE=1\n"],
      BAT0: ["Battery\n", thinkpad],
      hidpp_battery_0: ["Battery\n", "POWER_SUPPLY_SCOPE=Device\n"],
    };
    const os = {
      listDirectory: async () => Object.keys(supplies),
      readFile: async (path: string) => supplies[path.split("/")[4]!]![path.endsWith("type") ? 0 : 1],
    } as unknown as Os;
    expect((await linux(os))!.map(({ name }) => name)).toEqual(["BAT0", "BAT1"]);
    const without = {
      listDirectory: async () => {
        throw new OsError("COLLECT_UNREADABLE", "ENOENT");
      },
    } as unknown as Os;
    expect(await linux(without)).toBeUndefined();
    expect(await linux({ listDirectory: async () => [] } as unknown as Os)).toEqual([]);
  });
});

describe("Windows", () => {
  const instance = "ACPI\\PNP0C0A\\1_0";
  interface Power {
    battery?: "present" | "none" | "not-told";
    isOnline?: boolean | null;
    enclosure?: number;
  }
  const computer = (
    classes: Record<string, Record<string, unknown>[]>,
    chargePercent: number | null,
    { battery = "present", isOnline = false, enclosure }: Power = {},
  ) =>
    ({
      windows: async () => ({
        power: async () => ({ isOnline, battery, chargePercent }),
        registry: { value: async () => enclosure },
        wmi: async (_: string, query: string) => {
          const rows = classes[/from (\w+)/.exec(query)![1]!];
          if (!rows) throw new OsError("COLLECT_UNREADABLE", "generic failure");
          return rows;
        },
      }),
    }) as unknown as Os;

  test("the driver's classes tell of one battery together", async () => {
    const batteries = await windows(
      computer(
        {
          BatteryFullChargedCapacity: [{ InstanceName: instance, FullChargedCapacity: 40_000 }],
          BatteryStaticData: [{ InstanceName: instance, DesignedCapacity: 50_000, DeviceName: "DELL 7FHHV06", ManufactureName: "SMP" }],
          BatteryCycleCount: [{ InstanceName: instance, CycleCount: 0 }],
          BatteryStatus: [{ InstanceName: instance, RemainingCapacity: 20_000, Charging: false, Discharging: true, PowerOnline: false }],
        },
        50,
      ),
    );
    expect(batteries).toEqual([
      {
        name: instance,
        model: "SMP DELL 7FHHV06",
        designCapacity: "50000 mWh",
        healthPercent: 80,
        chargePercent: 50,
        cycleCount: null,
        activity: "discharging",
        failed: false,
      },
    ]);
  });
  test("a driver that refuses leaves what Windows itself knows", async () => {
    expect(await windows(computer({}, 50))).toMatchObject([{ name: "battery", healthPercent: null, chargePercent: 50 }]);
    const unknown = { BatteryFullChargedCapacity: [{ InstanceName: instance, FullChargedCapacity: 0xffff_ffff }] };
    expect(await windows(computer(unknown, 50))).toMatchObject([{ name: instance, healthPercent: null, chargePercent: 50 }]);
  });
  test("an uninterruptible power supply is none of the computer's own", async () => {
    const supply = { InstanceName: "UPS\\1", Capabilities: 0xa000_0000, DesignedCapacity: 9_000 };
    expect(await windows(computer({ BatteryStaticData: [supply] }, 100))).toEqual([]);
    const own = { InstanceName: instance, Capabilities: 0x8000_0000, DesignedCapacity: 50_000 };
    expect((await windows(computer({ BatteryStaticData: [supply, own] }, 100)))!.map(({ name }) => name)).toEqual([instance]);
  });
  test("a computer without one", async () => {
    expect(await windows(computer({}, null, { battery: "none", isOnline: true }))).toEqual([]);
  });
  test("one of which Windows knows no more than that it is there", async () => {
    expect(await windows(computer({}, null, { isOnline: null }))).toMatchObject([
      { name: "battery", chargePercent: null, activity: "not-told" },
    ]);
  });
  test.each<[string, number | undefined, unknown]>([
    ["a notebook", 10, undefined],
    ["a computer that does not say what it is", undefined, undefined],
    ["a desktop", 3, []],
  ])("%s of which Windows does not know whether it has one", async (_, enclosure, expected) => {
    const answer = await windows(
      computer({}, null, { battery: "not-told", isOnline: null, ...(enclosure !== undefined && { enclosure }) }),
    );
    expect(answer).toEqual(expected as never);
  });
  test("the driver's word counts where Windows itself does not know", async () => {
    const rows = { BatteryStaticData: [{ InstanceName: instance, DesignedCapacity: 50_000 }] };
    expect(await windows(computer(rows, null, { battery: "not-told" }))).toMatchObject([{ name: instance, healthPercent: null }]);
  });
});

describe("macOS", () => {
  const ioreg = (values: Record<string, string>) =>
    `<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0"><array><dict>${Object.entries(values)
      .map(([key, value]) => `<key>${key}</key>${value}`)
      .join("")}</dict></array></plist>`;
  const whole = (value: number) => `<integer>${value}</integer>`;
  const mac = (stdout: string) => ({ run: async () => ({ exitCode: 0, stdout, stderr: "" }) }) as unknown as Os;
  const common = {
    DesignCapacity: whole(4_382),
    CycleCount: whole(61),
    BatteryInstalled: "<true/>",
    DeviceName: "<string>bq40z651</string>",
  };

  test("with a processor of Apple's own", async () => {
    const output = ioreg({
      ...common,
      AppleRawMaxCapacity: whole(4_100),
      MaxCapacity: whole(100),
      CurrentCapacity: whole(81),
      IsCharging: "<false/>",
      FullyCharged: "<false/>",
      ExternalConnected: "<true/>",
    });
    expect(await macos(mac(output))).toEqual([
      {
        name: "InternalBattery",
        model: "bq40z651",
        designCapacity: "4382 mAh",
        healthPercent: 93.6,
        chargePercent: 81,
        cycleCount: 61,
        activity: "idle",
        failed: false,
      },
    ]);
  });
  test("with one of Intel's", async () => {
    const output = ioreg({ ...common, MaxCapacity: whole(2_191), CurrentCapacity: whole(1_000), PermanentFailureStatus: whole(1) });
    expect(await macos(mac(output))).toMatchObject([{ healthPercent: 50, chargePercent: 45.6, failed: true, activity: "not-told" }]);
  });
  test("without a battery", async () => {
    expect(await macos(mac(""))).toEqual([]);
  });
});
