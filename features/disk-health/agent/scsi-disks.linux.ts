/** Disks that Linux calls sda, sdb …, and what stands behind each. */
import type { Os } from "@hauswart/agent/os/os.ts";
import { driveName } from "./health.ts";
import { read, within } from "./sysfs.linux.ts";
import { isVirtualModel } from "./virtual-models.ts";

export interface ScsiDisk {
  /** /dev/sda */
  readonly device: string;
  readonly name: string;
  readonly kind: "ata" | "sas" | "raid" | "virtual";
  readonly isUsb: boolean;
  /** Driver of its host adapter. */
  readonly controller: string;
  readonly isSsd: boolean | undefined;
  readonly capacityBytes: number | null;
}

/** Drivers of RAID controllers, as they name themselves in /sys/class/scsi_host. */
const raidDrivers = new Set(
  "megaraid_sas megaraid_legacy megaraid hpsa smartpqi cciss aacraid arcmsr 3w-9xxx 3w-sas 3w-xxxx ips mvumi gdth dpt_i2o stex hptiop".split(
    " ",
  ),
);
/** Drivers that only exist in virtual computers. */
const virtualDrivers = new Set("virtio_scsi storvsc_host_t hv_storvsc vmw_pvscsi pvscsi xen_scsifront".split(" "));
/** Disks of another computer on the network. */
const networkDrivers = new Set("iscsi_tcp ib_iser cxgb3i cxgb4i bnx2i be2iscsi qla4xxx".split(" "));
const logicalVolume = /\b(?:perc|logical[ _]volume|raid|megaraid|serveraid|mr\d{4}|virtual drive|ucsc|mraid)\b/i;
const sectorBytes = 512;

/** Removable ones are left out; those at USB unless asked for. */
export async function readScsiDisks(os: Os, names: readonly string[], usbDrives: boolean): Promise<ScsiDisk[]> {
  const disks = await Promise.all(names.filter((name) => /^sd[a-z]+$/.test(name)).map((name) => readDisk(os, name, usbDrives)));
  return disks.filter((disk) => disk !== undefined);
}

async function readDisk(os: Os, name: string, usbDrives: boolean): Promise<ScsiDisk | undefined> {
  const folder = `/sys/block/${name}`;
  const path = (await within(os.readLink(folder), undefined)) ?? "";
  const host = /\/(host\d+)\//.exec(path)?.[1];
  const [vendor, model, removable, sectors, rotational, controller] = await Promise.all([
    read(os, `${folder}/device/vendor`),
    read(os, `${folder}/device/model`),
    read(os, `${folder}/removable`),
    read(os, `${folder}/size`),
    read(os, `${folder}/queue/rotational`),
    host === undefined ? "" : read(os, `/sys/class/scsi_host/${host}/proc_name`),
  ]);
  const isUsb = /\/usb\d+\//.test(path) || controller === "usb-storage" || controller === "uas";
  if (removable === "1" || (isUsb && !usbDrives) || networkDrivers.has(controller)) return undefined;
  const label = vendor === "ATA" ? model : `${vendor} ${model}`.trim();
  const device = `/dev/${name}`;
  return {
    device,
    name: driveName(label, await serialOf(os, folder), device),
    kind: kindOf(`${vendor} ${model}`, vendor === "ATA" || isUsb, controller),
    isUsb,
    controller: controller || "unknown",
    isSsd: rotational === "0" ? true : rotational === "1" ? false : undefined,
    capacityBytes: /^\d{1,15}$/.test(sectors) && sectors !== "0" ? Number(sectors) * sectorBytes : null,
  };
}

function kindOf(label: string, speaksAta: boolean, controller: string): ScsiDisk["kind"] {
  if (virtualDrivers.has(controller) || isVirtualModel(label)) return "virtual";
  if (speaksAta) return "ata";
  return raidDrivers.has(controller) || logicalVolume.test(label) ? "raid" : "sas";
}

/** The unit serial number page (80h) as the kernel keeps it: a header of four bytes, then text. Else the world wide identifier. */
async function serialOf(os: Os, folder: string): Promise<string> {
  const page = await within(os.readStart(`${folder}/device/vpd_pg80`, 64), new Uint8Array());
  const serial = Buffer.from(page.subarray(4, 4 + (page[3] ?? 0)))
    .toString("latin1")
    .replaceAll(/[^\x21-\x7e]/g, "");
  return serial || (await read(os, `${folder}/device/wwid`)).replaceAll(/\s+/g, " ");
}
