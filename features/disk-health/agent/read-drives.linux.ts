import { OsError, type DiskPages, type Os } from "@hauswart/agent/os/os.ts";
import { ataDrive, nvmeDrive } from "./drive-pages.ts";
import { driveName, makeDrive, type Context, type Drive, type ReadDrives } from "./health.ts";
import { readEmmc } from "./read-emmc.linux.ts";
import { readScsiDisks, type ScsiDisk } from "./scsi-disks.linux.ts";
import { isVirtualModel } from "./virtual-models.ts";
import { read, within } from "./sysfs.linux.ts";

/** So many drives are asked at the same time: each is a process. */
const atOnce = 4;

export const readDrives: ReadDrives = async (context) => {
  const { os } = context;
  if (await isContainer(os)) return { ok: { environment: "container", drives: [], places: new Map(), virtualCount: 0 } };
  const names = await os.listDirectory("/sys/block");
  const [nvme, scsi, emmc] = [await readNvme(os), await readScsiDisks(os, names, context.selection.usbDrives), await readEmmc(os, names)];
  const virtualCount =
    names.filter((name) => /^(?:vd|xvd)[a-z]+$/.test(name)).length +
    scsi.filter(({ kind }) => kind === "virtual").length +
    nvme.filter(({ isVirtual }) => isVirtual).length;
  const questions = [
    ...nvme.filter(({ isVirtual }) => !isVirtual).map((controller) => () => askNvme(os, controller)),
    ...scsi.filter(({ kind }) => kind !== "virtual").map((disk) => () => askScsi(os, disk)),
  ];
  const drives = [...(await askAll(questions, context)), ...emmc];
  const denied = drives.filter(({ problem }) => problem.startsWith("COLLECT_PERMISSION_DENIED"));
  if (denied.length > 0 && denied.length === drives.length)
    return { failed: "COLLECT_PERMISSION_DENIED", detail: { system: denied[0]!.problem } };
  if (drives.length === 0 && virtualCount === 0) return { noData: "no-disk-found" };
  const places = new Map([
    ...[...nvme.filter(({ isVirtual }) => !isVirtual), ...scsi.filter(({ kind }) => kind === "ata" || kind === "sas")].map(
      (disk) => [disk.device, { systemName: disk.name, isLoose: "isUsb" in disk && disk.isUsb }] as const,
    ),
    ...emmc.map(({ device, drive }) => [device, { systemName: drive, isLoose: false }] as const),
  ]);
  return { ok: { environment: drives.length > 0 ? "physical" : "virtual", drives, places, virtualCount } };
};

/** The disks that a container sees belong to the computer that carries it. */
async function isContainer(os: Os): Promise<boolean> {
  const marks = await Promise.all(
    ["/run/systemd/container", "/run/host/container-manager", "/.dockerenv", "/run/.containerenv"].map((path) => os.fileInfo(path)),
  );
  return marks.some((mark) => mark !== undefined);
}

interface NvmeController {
  readonly device: string;
  readonly name: string;
  readonly isVirtual: boolean;
}

/** Controllers at the computer's own bus; those over a network are others' drives. */
async function readNvme(os: Os): Promise<NvmeController[]> {
  const names = await within(os.listDirectory("/sys/class/nvme"), []);
  const controllers = await Promise.all(
    names
      .filter((name) => /^nvme\d+$/.test(name))
      .map(async (name) => {
        const [model, serial, transport] = await Promise.all(
          ["model", "serial", "transport"].map((file) => read(os, `/sys/class/nvme/${name}/${file}`)),
        );
        const device = `/dev/${name}`;
        return { device, name: driveName(model!, serial!, device), isVirtual: isVirtualModel(model!), transport };
      }),
  );
  return controllers.filter(({ transport }) => transport === "pcie" || transport === "");
}

async function askNvme(os: Os, { device, name }: NvmeController): Promise<Drive> {
  const pages = await ask(os, device, "nvme");
  return typeof pages === "string"
    ? makeDrive({ drive: name, device, state: "unreadable", kind: "nvme", problem: pages })
    : nvmeDrive(pages, device, name);
}

async function askScsi(os: Os, { device, name, kind, controller, isSsd, capacityBytes }: ScsiDisk): Promise<Drive> {
  const about = { drive: name, device, capacityBytes, kind: isSsd === undefined ? "unknown" : isSsd ? "ssd" : "hard-disk" } as const;
  if (kind === "raid")
    return makeDrive({
      ...about,
      kind: "unknown",
      state: "behind-controller",
      problem: `The RAID controller (${controller}) answers for its drives.`,
    });
  if (kind === "sas")
    return makeDrive({
      ...about,
      state: "unreadable",
      problem: "A SAS drive is asked by smartctl, which is not installed or has no answer.",
    });
  const pages = await ask(os, device, "ata");
  if (typeof pages === "string") return makeDrive({ ...about, state: "unreadable", problem: pages });
  if (pages.isAsleep) return makeDrive({ ...about, state: "asleep" });
  const drive = ataDrive(pages, device, name);
  return { ...drive, kind: drive.kind === "unknown" ? about.kind : drive.kind, capacityBytes: drive.capacityBytes ?? capacityBytes };
}

/** @returns why there is no answer, where there is none */
async function ask(os: Os, device: string, protocol: "nvme" | "ata"): Promise<DiskPages | string> {
  try {
    return await os.diskPages(device, protocol);
  } catch (error) {
    if (error instanceof OsError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

async function askAll(questions: readonly (() => Promise<Drive>)[], { signal }: Context): Promise<Drive[]> {
  const drives: Drive[] = [];
  const waiting = [...questions];
  const work = async () => {
    for (let next = waiting.shift(); next && !signal.aborted; next = waiting.shift()) drives.push(await next());
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return drives;
}
