/** Made answers of the form that `smartctl --json=c --all` (7.0 to 7.5) has. */

interface Made {
  readonly passed?: boolean | null;
}

const head = (device: string, type: string, protocol: string) => ({
  json_format_version: [1, 0],
  smartctl: { version: [7, 4], argv: ["smartctl", "--json=c", "--all", device], exit_status: 0 },
  device: { name: device, info_name: device, type, protocol },
});
const verdict = (passed: boolean | null) => (passed === null ? {} : { smart_status: { passed } });

export const nvmeAnswer = ({
  passed = true,
  log = {},
}: Made & { log?: Readonly<Record<string, number | undefined>> }): Record<string, unknown> => ({
  ...head("/dev/nvme0", "nvme", "NVMe"),
  model_name: "HAUSWART NVME 1TB",
  serial_number: "HW-N-0002",
  firmware_version: "3B4Q",
  user_capacity: { blocks: 976_773_168, bytes: 500_107_862_016 },
  ...verdict(passed),
  nvme_smart_health_information_log: {
    critical_warning: 0,
    temperature: 35,
    available_spare: 99,
    available_spare_threshold: 10,
    percentage_used: 3,
    power_on_hours: 12_798,
    unsafe_shutdowns: 10,
    media_errors: 0,
    num_err_log_entries: 62,
    ...log,
  },
  temperature: { current: 35 },
  power_on_time: { hours: 12_798 },
});

const attribute = (id: number, name: string, raw: number, threshold = 0) => ({
  id,
  name,
  value: 100,
  worst: 100,
  thresh: threshold,
  when_failed: "",
  flags: { value: 51, string: "PO--CK ", prefailure: threshold > 0, updated_online: true },
  raw: { value: raw, string: String(raw) },
});

export function ataAnswer(
  made: Made & { raw?: Readonly<Record<number, number>>; rotation?: number; serial?: string },
): Record<string, unknown> {
  const { passed = true, raw = {}, rotation = 7_200, serial = "HW-0001" } = made;
  return {
    ...head("/dev/sda", "sat", "ATA"),
    model_name: "HAUSWART HD 4000",
    serial_number: serial,
    firmware_version: "1.02",
    user_capacity: { blocks: 7_814_037_168, bytes: 4_000_787_030_016 },
    rotation_rate: rotation,
    ...verdict(passed),
    ata_smart_attributes: {
      revision: 16,
      table: [
        attribute(5, "Reallocated_Sector_Ct", raw[5] ?? 0, 10),
        attribute(9, "Power_On_Hours", raw[9] ?? 1_730),
        attribute(194, "Temperature_Celsius", raw[194] ?? 36),
        attribute(197, "Current_Pending_Sector", raw[197] ?? 0),
        attribute(198, "Offline_Uncorrectable", raw[198] ?? 0),
        attribute(199, "UDMA_CRC_Error_Count", raw[199] ?? 0),
      ],
    },
    power_on_time: { hours: 1_730 },
    temperature: { current: 36 },
  };
}

export const scsiAnswer = (): Record<string, unknown> => ({
  ...head("/dev/sdc", "scsi", "SCSI"),
  vendor: "HAUSWART",
  product: "SAS 10K",
  model_name: "HAUSWART SAS 10K",
  revision: "N0A1",
  serial_number: "HW-S-0003",
  rotation_rate: 10_500,
  smart_status: { passed: false, scsi: { asc: 93, ascq: 0, ie_string: "FAILURE PREDICTION THRESHOLD EXCEEDED [asc=5d, ascq=0]" } },
  temperature: { current: 41, drive_trip: 65 },
  scsi_grown_defect_list: 12,
  scsi_percentage_used_endurance_indicator: 7,
  scsi_error_counter_log: {
    read: { total_uncorrected_errors: 2 },
    write: { total_uncorrected_errors: 0 },
    verify: { total_uncorrected_errors: 1 },
  },
});
