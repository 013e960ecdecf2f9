import { describe, expect, test } from "bun:test";
import type { Memory } from "@hauswart/agent/collector.ts";
import { OsError, type DiskPages, type Os } from "@hauswart/agent/os/os.ts";
import { diskHealth } from "../protocol.ts";
import { ataIdentity, nvmeHealth, nvmeIdentity, smartData, smartThresholds, type MadeAttribute } from "./testing/made-pages.ts";
import collectors from "./index.ts";

interface MadeDisk {
  /** Below /sys/devices; names the host. */
  readonly path?: string;
  readonly vendor?: string;
  readonly model?: string;
  readonly driver?: string;
  readonly removable?: string;
  readonly rotational?: string;
  readonly serial?: string;
}

interface Computer {
  /** Names below /sys/block besides those of `disks`. */
  readonly blocks?: readonly string[];
  readonly disks?: Readonly<Record<string, MadeDisk>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly controllers?: readonly string[];
  /** By device; a text is the error that asking it ends with. */
  readonly pages?: Readonly<Record<string, Partial<DiskPages> | OsError>>;
  readonly isContainer?: boolean;
}

const missing = (path: string) => new OsError("COLLECT_UNREADABLE", `${path}: ENOENT`);
const orThrow = <T>(value: T | undefined, path: string): T => {
  if (value === undefined) throw missing(path);
  return value;
};

function osOf({ blocks = [], disks = {}, files = {}, controllers, pages = {}, isContainer = false }: Computer): Os {
  const all = new Map(Object.entries(files));
  const binary = new Map<string, Uint8Array>();
  const links = new Map<string, string>();
  Object.entries(disks).forEach(([name, made], index) => {
    const {
      path = `pci0000:00/0000:00:17.0/ata${index + 1}/host${index}/target${index}:0:0/${index}:0:0:0`,
      vendor = "ATA",
      model = "HAUSWART HD 400",
      driver = "ahci",
    } = made;
    links.set(`/sys/block/${name}`, `../devices/${path}/block/${name}`);
    all.set(`/sys/block/${name}/device/vendor`, `${vendor.padEnd(8)}\n`);
    all.set(`/sys/block/${name}/device/model`, `${model}\n`);
    all.set(`/sys/block/${name}/removable`, `${made.removable ?? "0"}\n`);
    all.set(`/sys/block/${name}/size`, "7814037168\n");
    all.set(`/sys/block/${name}/queue/rotational`, `${made.rotational ?? "1"}\n`);
    all.set(`/sys/class/scsi_host/${/host\d+/.exec(path)?.[0]}/proc_name`, `${driver}\n`);
    const serial = made.serial ?? `HW-${name}`;
    binary.set(`/sys/block/${name}/device/vpd_pg80`, Uint8Array.of(0, 0x80, 0, serial.length, ...new TextEncoder().encode(serial)));
  });
  return {
    listDirectory: async (path: string) => [
      ...orThrow(path === "/sys/block" ? [...blocks, ...Object.keys(disks)] : path === "/sys/class/nvme" ? controllers : undefined, path),
    ],
    readFile: async (path: string) => orThrow(all.get(path), path),
    readStart: async (path: string) => orThrow(binary.get(path), path),
    readLink: async (path: string) => links.get(path),
    fileInfo: async (path: string) =>
      isContainer && path === "/run/systemd/container" ? { kind: "file", sizeBytes: 1, modifiedAtMs: 0 } : undefined,
    run: async () => {
      throw new OsError("COLLECT_UNSUPPORTED", "there is no program smartctl");
    },
    diskPages: async (path: string) => {
      const found = orThrow(pages[path], path);
      if (found instanceof OsError) throw found;
      return { isAsleep: false, predictsFailure: undefined, pages: {}, problem: "", ...found };
    },
  } as unknown as Os;
}

const attributes: MadeAttribute[] = [
  { id: 5, raw: 0, threshold: 10, isPrefailure: true },
  { id: 194, raw: 33 },
];
const ata = (made: Parameters<typeof ataIdentity>[0] = {}): Partial<DiskPages> => ({
  predictsFailure: false,
  pages: { "ata-identify": ataIdentity(made), "ata-attributes": smartData(attributes), "ata-thresholds": smartThresholds(attributes) },
});
const nvme: Partial<DiskPages> = { pages: { "nvme-identify": nvmeIdentity(), "nvme-health": nvmeHealth() } };
const nvmeFiles = (name: string, model = "HAUSWART NVME 1TB", transport = "pcie") => ({
  [`/sys/class/nvme/${name}/model`]: `${model}\n`,
  [`/sys/class/nvme/${name}/serial`]: "HW-N-0002\n",
  [`/sys/class/nvme/${name}/transport`]: `${transport}\n`,
});

async function measure(computer: Computer, selection: object = {}, memory: Memory = { values: new Map(), kept: {} }) {
  const context = { system: "linux" as const, instance: "", os: osOf(computer), signal: new AbortController().signal, now: () => 1 };
  return collectors[0]!.collect({ ...context, selection: diskHealth.selection.parse(selection) }, memory);
}
async function sampleOf(...input: Parameters<typeof measure>) {
  const answer = await measure(...input);
  if (!("ok" in answer)) throw new Error(JSON.stringify(answer));
  return answer.ok;
}
const brief = async (...input: Parameters<typeof measure>) =>
  (await sampleOf(...input)).drives.map(({ drive, kind, state, problem }) => [drive, kind, state, problem].filter(Boolean).join(" | "));

test("a computer with an NVMe drive and a hard disk", async () => {
  const sample = await sampleOf({
    blocks: ["loop0", "dm-0", "nvme0n1", "sr0", "zram0"],
    disks: { sda: {} },
    controllers: ["nvme0"],
    files: nvmeFiles("nvme0"),
    pages: { "/dev/sda": ata(), "/dev/nvme0": nvme },
  });
  expect(sample).toMatchObject({ environment: "physical", physicalCount: 2, virtualCount: 0 });
  expect(sample.drives.map(({ drive, device, kind, prediction }) => [drive, device, kind, prediction])).toEqual([
    ["HAUSWART HD 4000 HW-0001", "/dev/sda", "hard-disk", "healthy"],
    ["HAUSWART NVME 1TB HW-N-0002", "/dev/nvme0", "nvme", "healthy"],
  ]);
});

describe("what stands before a disk", () => {
  test.each<[string, MadeDisk, Partial<DiskPages> | OsError | undefined, string[]]>([
    ["an AHCI port", {}, ata(), ["HAUSWART HD 4000 HW-0001 | hard-disk | measured"]],
    ["a SAS adapter, with a SATA disk", { driver: "mpt3sas" }, ata(), ["HAUSWART HD 4000 HW-0001 | hard-disk | measured"]],
    [
      "a SAS adapter, with a SAS disk",
      { driver: "mpt3sas", vendor: "HAUSWART", model: "SAS 10K" },
      undefined,
      ["HAUSWART SAS 10K HW-sda | hard-disk | unreadable | A SAS drive is asked by smartctl, which is not installed or has no answer."],
    ],
    [
      "a RAID controller",
      { driver: "megaraid_sas", vendor: "DELL", model: "PERC H730P" },
      undefined,
      ["DELL PERC H730P HW-sda | unknown | behind-controller | The RAID controller (megaraid_sas) answers for its drives."],
    ],
    [
      "a RAID controller that hands the disk through",
      { driver: "megaraid_sas" },
      ata(),
      ["HAUSWART HD 4000 HW-0001 | hard-disk | measured"],
    ],
    [
      "a RAID of an adapter",
      { driver: "mpt3sas", vendor: "LSI", model: "Logical Volume" },
      undefined,
      ["LSI Logical Volume HW-sda | unknown | behind-controller | The RAID controller (mpt3sas) answers for its drives."],
    ],
    [
      "nothing that answers",
      {},
      missing("/dev/sda"),
      ["HAUSWART HD 400 HW-sda | hard-disk | unreadable | COLLECT_UNREADABLE: /dev/sda: ENOENT"],
    ],
  ])("%s", async (_, disk, pages, expected) => {
    expect(await brief({ disks: { sda: disk }, pages: pages ? { "/dev/sda": pages } : {} })).toEqual(expected);
  });

  test.each<[string, MadeDisk]>([
    ["a removable disk", { removable: "1" }],
    ["a disk at USB", { path: "pci0000:00/0000:00:14.0/usb2/2-1/2-1:1.0/host4/target4:0:0/4:0:0:0", driver: "usb-storage" }],
    ["a disk at USB, by its driver", { driver: "uas" }],
    ["a disk of another computer", { driver: "iscsi_tcp", vendor: "LIO-ORG" }],
  ])("%s is left out", async (_, disk) => {
    expect(await brief({ disks: { sda: {}, sdb: disk }, pages: { "/dev/sda": ata() } })).toHaveLength(1);
  });

  test("a disk at USB is asked when the settings say so", async () => {
    const disks = { sdb: { path: "pci0/usb2/2-1/host4/target4:0:0/4:0:0:0", driver: "uas", vendor: "HAUSWART" } };
    expect(await brief({ disks, pages: { "/dev/sdb": ata() } }, { usbDrives: true })).toHaveLength(1);
  });
});

describe("a computer without drives of its own", () => {
  test.each<[string, Computer, object]>([
    ["a virtual one", { blocks: ["vda", "vdb", "sr0"] }, { environment: "virtual", virtualCount: 2 }],
    [
      "one of Hyper-V",
      { disks: { sda: { driver: "storvsc_host_t", vendor: "Msft", model: "Virtual Disk" } } },
      { environment: "virtual", virtualCount: 1 },
    ],
    ["one of QEMU with a made ATA disk", { disks: { sda: { model: "QEMU HARDDISK" } } }, { environment: "virtual", virtualCount: 1 }],
    [
      "one in a cloud",
      { blocks: ["nvme0n1"], controllers: ["nvme0"], files: nvmeFiles("nvme0", "Amazon Elastic Block Store") },
      { environment: "virtual", virtualCount: 1 },
    ],
    ["a container, whatever disks it sees", { disks: { sda: {} }, isContainer: true }, { environment: "container", virtualCount: 0 }],
  ])("%s", async (_, computer, expected) => {
    expect(await sampleOf(computer)).toEqual({ physicalCount: 0, drives: [], ...expected } as never);
  });

  test("cannot be told from one whose disks nobody finds", async () => {
    expect(await measure({ blocks: ["loop0"] })).toEqual({ noData: "no-disk-found" });
    expect(await measure({ controllers: ["nvme0"], files: nvmeFiles("nvme0", "X", "tcp") })).toEqual({ noData: "no-disk-found" });
  });
});

test("an agent that may not ask says so", async () => {
  const denied = new OsError("COLLECT_PERMISSION_DENIED", "/dev/sda: EPERM");
  expect(await measure({ disks: { sda: {} }, pages: { "/dev/sda": denied } })).toMatchObject({ failed: "COLLECT_PERMISSION_DENIED" });
});

test("a sleeping disk is shown with what it said before", async () => {
  const memory: Memory = { values: new Map(), kept: {} };
  const asleep: Computer = { disks: { sda: {} }, pages: { "/dev/sda": { isAsleep: true } } };
  expect(await brief(asleep, {}, memory)).toEqual(["HAUSWART HD 400 HW-sda | hard-disk | asleep"]);
  await measure({ disks: { sda: {} }, pages: { "/dev/sda": ata() } }, {}, memory);
  expect((await sampleOf(asleep, {}, memory)).drives).toMatchObject([
    { drive: "HAUSWART HD 4000 HW-0001", state: "asleep", prediction: "healthy", temperatureCelsius: 33 },
  ]);
});

test("two drives that call themselves alike are told apart, and some are left out", async () => {
  const computer: Computer = { disks: { sda: {}, sdb: {} }, pages: { "/dev/sda": ata(), "/dev/sdb": ata() } };
  expect(await brief(computer)).toEqual([
    "HAUSWART HD 4000 HW-0001 (/dev/sda) | hard-disk | measured",
    "HAUSWART HD 4000 HW-0001 (/dev/sdb) | hard-disk | measured",
  ]);
  expect(await brief(computer, { exclude: ["/dev/sdb"] })).toEqual(["HAUSWART HD 4000 HW-0001 | hard-disk | measured"]);
  expect(await brief(computer, { exclude: ["HAUSWART*"] })).toEqual([]);
});

describe("eMMC", () => {
  const emmc = (lifeTime: string, endOfLife: string, type = "MMC"): Computer => ({
    blocks: ["mmcblk0", "mmcblk0boot0"],
    files: Object.fromEntries(
      Object.entries({ type, name: "HW4GB", serial: "0x12345678", fwrev: "0x1", life_time: lifeTime, pre_eol_info: endOfLife }).map(
        ([name, text]) => [`/sys/block/mmcblk0/device/${name}`, `${text}\n`],
      ),
    ),
  });
  test.each<[string, Computer, object]>([
    ["that is young", emmc("0x01 0x02", "0x01"), { drive: "HW4GB 0x12345678", kind: "emmc", wearPercent: 20, prediction: "healthy" }],
    ["beyond its life", emmc("0x0b 0x01", "0x02"), { wearPercent: 100, prediction: "healthy" }],
    ["at its end", emmc("0x0a 0x01", "0x03"), { prediction: "failing", failingReasons: "reserved blocks nearly used up" }],
    ["that tells nothing", emmc("0x00 0x00", "0x00"), { state: "unreadable", prediction: "not-told", wearPercent: null }],
  ])("%s", async (_, computer, expected) => {
    expect((await sampleOf(computer)).drives).toMatchObject([expected]);
  });
  test("an SD card is none", async () => {
    expect(await measure(emmc("", "", "SD"))).toHaveProperty("noData");
  });
});
