/** Orders to device drivers. https://learn.microsoft.com/windows/win32/api/ioapiset/nf-ioapiset-deviceiocontrol */
import { lastError, library, wide, windowsError } from "./library.ts";

const kernel = library("kernel32.dll", {
  CreateFileW: ["handle", "pointer", "u32", "u32", "pointer", "u32", "u32", "handle"],
  DeviceIoControl: ["status", "handle", "u32", "pointer", "u32", "pointer", "u32", "pointer", "pointer"],
  CloseHandle: ["status", "handle"],
});

const genericRead = 0x80000000;
const genericWrite = 0x40000000;
const shareReadWrite = 3;
const openExisting = 3;
const invalidHandle = 0xffffffffffffffffn;

/** What a device must be opened for: an order's code says so itself, in bits 14 and 15 (CTL_CODE of winioctl.h). */
export function accessFor(code: number): number {
  const wanted = (code >>> 14) & 3;
  return (wanted & 1 ? genericRead : 0) + (wanted & 2 ? genericWrite : 0);
}

/** See `WindowsDevices.control`. Blocks. */
export function controlDevice(path: string, code: number, input: Uint8Array, outputBytes: number): Uint8Array {
  const handle = kernel().CreateFileW(wide(path), accessFor(code), shareReadWrite, null, openExisting, 0, 0n);
  if (handle === invalidHandle) throw windowsError(path, lastError());
  try {
    const output = Buffer.alloc(Math.max(1, outputBytes));
    const returned = Buffer.alloc(4);
    const given = input.length > 0 ? input : null;
    if (kernel().DeviceIoControl(handle, code, given, input.length, output, outputBytes, returned, null) === 0)
      throw windowsError(`${path}, order ${code.toString(16)}`, lastError());
    return new Uint8Array(output.subarray(0, returned.readUInt32LE()));
  } finally {
    kernel().CloseHandle(handle);
  }
}
