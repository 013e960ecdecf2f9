/**
 * Until when systems get security updates without a contract of their own. Dates are the last day.
 *
 * As of 2026-11-22, from: Debian and Ubuntu, the package distro-info-data 0.58+deb12u6 (Debian with its LTS, which everybody gets; Ubuntu
 * without Pro); Windows, Microsoft's lifecycle pages and release information of Windows 11; Red Hat and what is built from it, SUSE, Alpine, Fedora:
 * the makers' lifecycle pages as gathered by endoflife.date on 2026-08-22. Apple publishes no dates: macOS releases that have
 * visibly got their last update have one here, the others are "open".
 */

/** Unix time in milliseconds of the last moment; "open" when the maker names no end. */
export type SupportEnd = number | "open";

const byMajor: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  debian: { "8": "2020-06-30", "9": "2022-06-30", "10": "2024-06-30", "11": "2026-08-31", "12": "2028-06-30", "13": "2030-06-30" },
  rhel: { "6": "2020-11-30", "7": "2024-06-30", "8": "2029-05-31", "9": "2032-05-31", "10": "2035-05-31" },
  almalinux: { "8": "2029-05-31", "9": "2032-05-31", "10": "2035-05-31" },
  rocky: { "8": "2029-05-31", "9": "2032-05-31", "10": "2035-05-31" },
  centos: { "6": "2020-11-30", "7": "2024-06-30", "8": "2024-05-31", "9": "2027-05-31", "10": "2030-05-31" },
  ol: { "6": "2021-03-31", "7": "2024-12-31", "8": "2029-07-31", "9": "2032-06-30" },
  fedora: { "39": "2024-11-26", "40": "2025-05-13", "41": "2025-12-15", "42": "2026-05-27", "43": "2026-12-09", "44": "2027-06-02" },
  macos: { "10": "2026-02-02", "11": "2026-02-02", "12": "2024-09-16", "13": "2025-09-15", "14": "open", "15": "open", "26": "open" },
};

const byMinor: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ubuntu: {
    "16.04": "2021-04-30",
    "18.04": "2023-05-31",
    "20.04": "2025-05-29",
    "22.04": "2027-06-01",
    "23.04": "2024-01-25",
    "23.10": "2024-07-11",
    "24.04": "2029-05-31",
    "24.10": "2025-07-10",
    "25.04": "2026-01-15",
    "25.10": "2026-07-09",
    "26.04": "2031-05-29",
  },
  "opensuse-leap": { "15.4": "2023-12-07", "15.5": "2024-12-31", "15.6": "2026-04-30", "16.0": "2027-10-31" },
  sles: {
    "12.5": "2024-10-31",
    "15.4": "2023-12-31",
    "15.5": "2024-12-31",
    "15.6": "2025-12-31",
    "15.7": "2031-07-31",
    "16.0": "2027-11-30",
  },
  alpine: {
    "3.18": "2025-05-09",
    "3.19": "2025-11-01",
    "3.20": "2026-04-01",
    "3.21": "2026-11-01",
    "3.22": "2027-05-01",
    "3.23": "2027-11-01",
    "3.24": "2028-06-01",
  },
};

interface WindowsEnds {
  readonly homePro?: string;
  readonly enterprise?: string;
  readonly longTerm?: string;
}

/** Windows 10 and 11 by build. */
const windowsBuilds: Readonly<Record<string, WindowsEnds>> = {
  "10240": { homePro: "2017-05-09", enterprise: "2017-05-09", longTerm: "2025-10-14" },
  "14393": { homePro: "2018-04-10", enterprise: "2019-04-09", longTerm: "2026-10-13" },
  "17763": { homePro: "2020-11-10", enterprise: "2021-05-11", longTerm: "2029-01-09" },
  "18362": { homePro: "2020-12-08", enterprise: "2020-12-08" },
  "18363": { homePro: "2021-05-11", enterprise: "2022-05-10" },
  "19041": { homePro: "2021-12-14", enterprise: "2021-12-14" },
  "19042": { homePro: "2022-05-10", enterprise: "2023-05-09" },
  "19043": { homePro: "2022-12-13", enterprise: "2022-12-13" },
  "19044": { homePro: "2023-06-13", enterprise: "2024-06-11", longTerm: "2027-01-12" },
  "19045": { homePro: "2025-10-14", enterprise: "2025-10-14" },
  "22000": { homePro: "2023-10-10", enterprise: "2024-10-08" },
  "22621": { homePro: "2024-10-08", enterprise: "2025-10-14" },
  "22631": { homePro: "2025-11-11", enterprise: "2026-11-10" },
  "26100": { homePro: "2026-10-13", enterprise: "2027-10-12", longTerm: "2029-10-09" },
  "26200": { homePro: "2027-10-12", enterprise: "2028-10-10" },
  "26300": { homePro: "2028-10-10", enterprise: "2029-10-09" },
  "28000": { homePro: "2028-03-14", enterprise: "2029-03-13" },
};

/** Windows Server of the long-term channel by build. */
const windowsServerBuilds: Readonly<Record<string, string>> = {
  "7601": "2020-01-14",
  "9200": "2023-10-10",
  "9600": "2023-10-10",
  "14393": "2027-01-12",
  "17763": "2029-01-09",
  "20348": "2031-10-14",
  "25398": "2026-05-12",
  "26100": "2034-11-14",
};

/**
 * When updates end.
 * @param edition as in the sample: home-pro, enterprise, long-term; empty where it does not matter
 * @returns undefined when the table does not know the system
 */
export function supportEnd(systemId: string, version: string, edition: string): SupportEnd | undefined {
  const found = dateOf(systemId, version, edition);
  if (found === "open") return found;
  // What a device calls its system may be the name of anything that every object has.
  if (typeof found !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(found)) return undefined;
  return Date.parse(`${found}T23:59:59Z`);
}

function dateOf(systemId: string, version: string, edition: string): string | undefined {
  const [major = "", minor = "", build = ""] = version.split(".");
  if (systemId === "windows-server") return windowsServerBuilds[build];
  if (systemId === "windows") {
    const ends = windowsBuilds[build];
    if (edition === "long-term") return ends?.longTerm;
    return edition === "enterprise" ? ends?.enterprise : edition === "home-pro" ? ends?.homePro : undefined;
  }
  return byMajor[systemId]?.[major] ?? byMinor[systemId]?.[`${major}.${minor}`];
}
