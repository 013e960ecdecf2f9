/** From a drive's raw pages to what it tells of its health; the same pages come from Linux and from Windows. */
import type { DiskPages } from "@hauswart/agent/os/os.ts";
import { ataHealth } from "./ata-health.ts";
import { parseAtaIdentity, parseAttributes, parseStatistics } from "./ata-pages.ts";
import { driveName, makeDrive, unknownHealth, type Drive, type Health } from "./health.ts";
import { parseNvmeHealth, parseNvmeIdentity } from "./nvme-pages.ts";

type Pages = Pick<DiskPages, "pages" | "predictsFailure" | "problem">;

/** @param fallback name where the drive does not tell its own */
export function nvmeDrive({ pages, problem }: Pages, device: string, fallback: string): Drive {
  const identity = pages["nvme-identify"] && parseNvmeIdentity(pages["nvme-identify"]);
  const health = pages["nvme-health"] && parseNvmeHealth(pages["nvme-health"]);
  const head = { drive: identity ? driveName(identity.model, identity.serial, device) : fallback, device };
  if (!health) return unreadable(head, { ...unknownHealth, kind: "nvme" }, problem || "The drive gave no health log.");
  const { firmware = "", capacityBytes = null, warningAtCelsius = null, criticalAtCelsius = null } = identity ?? {};
  return makeDrive({
    ...head,
    ...health,
    state: "measured",
    source: "drive",
    firmware,
    capacityBytes,
    warningAtCelsius,
    criticalAtCelsius,
  });
}

export function ataDrive({ pages, predictsFailure, problem }: Pages, device: string, fallback: string): Drive {
  const identity = pages["ata-identify"] && parseAtaIdentity(pages["ata-identify"]);
  const head = { drive: identity ? driveName(identity.model, identity.serial, device) : fallback, device };
  const statistics = parseStatistics(pages["ata-error-statistics"], pages["ata-wear-statistics"]);
  const attributes = pages["ata-attributes"] && parseAttributes(pages["ata-attributes"], pages["ata-thresholds"]);
  const health = ataHealth({ attributes: attributes ?? [], statistics, isSsd: identity?.isSsd, predictsFailure });
  const about = { ...health, firmware: identity?.firmware ?? "", capacityBytes: identity?.capacityBytes ?? null };
  if (!attributes && predictsFailure === undefined) {
    const why =
      identity && !identity.hasSmart
        ? "The drive has no S.M.A.R.T."
        : identity && !identity.isSmartOn
          ? "S.M.A.R.T. is switched off on the drive."
          : "";
    return unreadable(head, about, why || problem || "The drive gave no S.M.A.R.T. data.");
  }
  return makeDrive({
    ...head,
    ...about,
    state: "measured",
    source: "drive",
    problem: attributes ? "" : "The drive gave no S.M.A.R.T. attributes.",
  });
}

function unreadable(head: Pick<Drive, "drive" | "device">, health: Health, problem: string): Drive {
  return makeDrive({ ...health, ...head, state: "unreadable", problem });
}
