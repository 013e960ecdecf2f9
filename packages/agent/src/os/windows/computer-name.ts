/** What Windows calls itself, from its registry. */
import type { RegistryValue } from "./calls.ts";

/** The first build of Windows 11, whose registry still says "Windows 10". */
const firstBuildOf11 = 22_000;

/**
 * Name with edition and release, and the full version: "Windows 11 Pro 24H2", "10.0.26100.2314".
 * @param values of HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion
 */
export function computerName(values: ReadonlyMap<string, RegistryValue>): { systemName: string; systemVersion: string } {
  const text = (name: string) => String(values.get(name) ?? "").trim();
  const build = text("CurrentBuildNumber") || text("CurrentBuild");
  const isServer = text("InstallationType").startsWith("Server");
  const product = text("ProductName") || "Windows";
  const name = !isServer && Number(build) >= firstBuildOf11 ? product.replace(/^Windows 10/, "Windows 11") : product;
  const release = text("DisplayVersion") || (/^\d{4}$/.test(text("ReleaseId")) ? text("ReleaseId") : "");
  // A server's name tells its release: Windows Server 2022.
  const systemName = [name, isServer ? "" : release, text("CSDVersion")].filter(Boolean).join(" ");
  const major = typeof values.get("CurrentMajorVersionNumber") === "number";
  const version = major ? `${text("CurrentMajorVersionNumber")}.${text("CurrentMinorVersionNumber")}` : text("CurrentVersion");
  const systemVersion = [version, build, text("UBR")].filter(Boolean).join(".");
  return { systemName: systemName.slice(0, 200), systemVersion: systemVersion.slice(0, 100) };
}
