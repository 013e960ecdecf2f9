import { describe, expect, test } from "bun:test";
import { macosSystem, property } from "./macos/system.macos.ts";
import { computerName } from "./windows/computer-name.ts";
import { windowsSystem } from "./windows/system.windows.ts";

test("properties of ioreg are found", () => {
  const output = '  |   "IOPlatformSerialNumber" = "C02XX"\n  |   "IOPlatformUUID" = "11111111-2222"\n';
  expect(property(output, "IOPlatformUUID")).toBe("11111111-2222");
  expect(property(output, "Other")).toBe("");
});

describe("Windows' name", () => {
  const nameOf = (values: Record<string, string | number>) => computerName(new Map(Object.entries(values)));
  const version = { CurrentMajorVersionNumber: 10, CurrentMinorVersionNumber: 0, CurrentVersion: "6.3", InstallationType: "Client" };

  test("is true, although the registry of Windows 11 says Windows 10", () => {
    expect(
      nameOf({
        ...version,
        ProductName: "Windows 10 Pro",
        CurrentBuildNumber: "26100",
        UBR: 2314,
        DisplayVersion: "24H2",
        ReleaseId: "2009",
      }),
    ).toEqual({ systemName: "Windows 11 Pro 24H2", systemVersion: "10.0.26100.2314" });
    expect(
      nameOf({
        ...version,
        ProductName: "Windows 10 Enterprise LTSC 2021",
        CurrentBuildNumber: "19044",
        UBR: 5131,
        DisplayVersion: "21H2",
      }),
    ).toEqual({ systemName: "Windows 10 Enterprise LTSC 2021 21H2", systemVersion: "10.0.19044.5131" });
    expect(nameOf({ ...version, ProductName: "Windows 10 Home", CurrentBuildNumber: "17763", UBR: 1, ReleaseId: "1809" }).systemName).toBe(
      "Windows 10 Home 1809",
    );
  });
  test("of a server holds its release already, however high its build", () => {
    const server = { ...version, InstallationType: "Server Core", ProductName: "Windows Server 2025 Standard", DisplayVersion: "24H2" };
    expect(nameOf({ ...server, CurrentBuildNumber: "26100", UBR: 1742 })).toEqual({
      systemName: "Windows Server 2025 Standard",
      systemVersion: "10.0.26100.1742",
    });
  });
  test("of an old one, and of one that says nothing", () => {
    expect(
      nameOf({ ProductName: "Windows 7 Professional", CurrentVersion: "6.1", CurrentBuildNumber: "7601", CSDVersion: "Service Pack 1" }),
    ).toEqual({
      systemName: "Windows 7 Professional Service Pack 1",
      systemVersion: "6.1.7601",
    });
    expect(nameOf({})).toEqual({ systemName: "Windows", systemVersion: "" });
  });
});

test("where there is no D-Bus, it is said with a code", async () => {
  for (const system of [macosSystem(), windowsSystem()]) {
    await expect(system.os.systemBus()).rejects.toMatchObject({ code: "COLLECT_UNSUPPORTED" });
  }
});
