import { expect, test } from "bun:test";
import { macosSystem, property } from "./macos/system.macos.ts";
import { registryValue, windowsSystem } from "./windows/system.windows.ts";

test("properties of ioreg are found", () => {
  const output = '  |   "IOPlatformSerialNumber" = "C02XX"\n  |   "IOPlatformUUID" = "11111111-2222"\n';
  expect(property(output, "IOPlatformUUID")).toBe("11111111-2222");
  expect(property(output, "Other")).toBe("");
});

test("values of the registry are found", () => {
  const output = "\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Cryptography\r\n    MachineGuid    REG_SZ    aaaa-bbbb\r\n\r\n";
  expect(registryValue(output, "MachineGuid")).toBe("aaaa-bbbb");
  expect(registryValue(output, "Other")).toBe("");
});

test("where there is no D-Bus, it is said with a code", async () => {
  for (const system of [macosSystem(), windowsSystem()]) {
    await expect(system.os.systemBus()).rejects.toMatchObject({ code: "COLLECT_UNSUPPORTED" });
  }
});
