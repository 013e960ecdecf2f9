/** What macOS' own tools printed on real Macs. Made samples of the same forms: plist.test.ts, other-systems.test.ts. */
import { expect } from "bun:test";
import { readRecording, recordings, testOnRecordings } from "@hauswart/testkit/recorded.ts";
import { parsePlist, plistArray, plistAt, plistNumber, plistText } from "./plist.ts";
import { property } from "./system.macos.ts";

testOnRecordings("properties of the whole I/O registry: the first of a name is the platform's own", () => {
  const ioreg = readRecording("glpi-agent/macos/ioreg/IOPlatformExpertDevice");
  expect(property(ioreg, "IOPlatformUUID")).toMatch(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/);
  expect(property(ioreg, "IOPlatformSerialNumber")).toMatch(/^[0-9A-Z]{11}$/);
});

testOnRecordings("every recorded property list says itself of what it is", () => {
  for (const path of recordings("glpi-agent/macos/system_profiler", /\.xml$/)) {
    const list = parsePlist(readRecording(path));
    expect([path, plistText(list, 0, "_dataType")]).toEqual([path, /(SP\w+DataType)/.exec(path)![1]]);
    expect([path, Array.isArray(plistAt(list, 0, "_items"))]).toEqual([path, true]);
  }
});

testOnRecordings("texts, whole numbers and lists within lists keep their kinds", () => {
  const list = parsePlist(readRecording("glpi-agent/macos/system_profiler/SPSerialATADataType2.xml"));
  const [controller] = plistArray(list, 0, "_items");
  const [disk] = plistArray(controller, "_items");
  expect([plistText(disk, "device_model")?.trim(), plistNumber(disk, "size_in_bytes"), plistText(disk, "smart_status")]).toEqual([
    "APPLE SSD SD0128F",
    121_332_826_112,
    "Verified",
  ]);
  expect(plistArray(disk, "volumes").length).toBeGreaterThan(1);
});
