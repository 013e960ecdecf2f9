import { expect, test } from "bun:test";
import { readRecording, recordings, testOnRecordings, textOf } from "./recorded.ts";
import { registryOf, wmiRowsOf } from "./recorded-windows.ts";

const exported = String.raw`Windows Registry Editor Version 5.00

[HKEY_LOCAL_MACHINE\SOFTWARE\Hauswart]
@="above"

[HKEY_LOCAL_MACHINE\SOFTWARE\Hauswart\Kasse]
"Name"="Kasse \"links\" in C:\\Programme"
"Count"=dword:0000001f
"Path"=hex(2):25,00,54,00,\
  25,00,00,00
"Names"=hex(7):61,00,00,00,62,00,00,00,00,00
"Bytes"=hex:01,02
`;

test("an export of the registry is read as the registry is, whatever the case of its keys", async () => {
  const registry = registryOf(exported.replaceAll("\n", "\r\n"));
  const key = "HKLM\\Software\\HAUSWART";
  expect(await registry.keys(key)).toEqual(["Kasse"]);
  expect(await registry.value(key, "")).toBe("above");
  expect(Object.fromEntries((await registry.values(`${key}\\kasse`))!)).toEqual({
    Name: 'Kasse "links" in C:\\Programme',
    Count: 31,
    Path: "%T%",
    Names: ["a", "b"],
    Bytes: new Uint8Array([1, 2]),
  });
  expect([await registry.values("HKLM\\Other"), await registry.keys("HKLM\\Other")]).toEqual([undefined, undefined]);
});

test("a listing of WMI is read as rows", () => {
  const listing =
    "\r\n\r\nDriveLetter=C:\r\nState=1\r\nIsOn=TRUE\r\nNothing=\r\nId=\\\\?\\Volume{1}=2\\\r\n\r\n\r\nDriveLetter=D:\r\nState=0\r\n\r\n";
  expect(wmiRowsOf(listing)).toEqual([
    { DriveLetter: "C:", State: 1, IsOn: true, Nothing: null, Id: "\\\\?\\Volume{1}=2\\" },
    { DriveLetter: "D:", State: 0 },
  ]);
});

test("what Windows writes is told from what others write", () => {
  expect(textOf(Buffer.from("\ufeffBüro=1", "utf16le"))).toBe("Büro=1");
  expect(textOf(Buffer.from("Büro=1", "utf16le"))).toBe("Büro=1");
  expect(textOf(Buffer.from("Büro=1"))).toBe("Büro=1");
});

testOnRecordings("every recorded export of the registry has values, and every recorded listing rows", async () => {
  for (const path of recordings("glpi-agent/win32/registry", /\.reg$/)) {
    const text = readRecording(path);
    const [, first] = /^\[HKEY_LOCAL_MACHINE\\(.+)\]/m.exec(text)!;
    expect([path, await registryOf(text).values(`HKLM\\${first}`)]).toEqual([path, expect.any(Map)]);
  }
  for (const path of recordings("glpi-agent/win32/wmi", /\.wmi$/))
    expect([path, wmiRowsOf(readRecording(path)).length > 0]).toEqual([path, true]);
});
