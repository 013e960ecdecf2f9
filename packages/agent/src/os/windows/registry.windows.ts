/** The registry. https://learn.microsoft.com/windows/win32/api/winreg/ */
import { OsError } from "../os.ts";
import type { RegistryValue, WindowsRegistry } from "./calls.ts";
import { library, wide, wideText, windowsError, winError } from "./library.ts";

const advapi = library("advapi32.dll", {
  RegOpenKeyExW: ["status", "handle", "pointer", "u32", "u32", "pointer"],
  RegCloseKey: ["status", "handle"],
  RegQueryValueExW: ["status", "handle", "pointer", "pointer", "pointer", "pointer", "pointer"],
  RegEnumValueW: ["status", "handle", "u32", "pointer", "pointer", "pointer", "pointer", "pointer", "pointer"],
  RegEnumKeyExW: ["status", "handle", "u32", "pointer", "pointer", "pointer", "pointer", "pointer", "pointer"],
});

/** Predefined keys are numbers with a sign, stretched to a handle (winreg.h). */
const roots: Readonly<Record<string, bigint>> = {
  HKCR: 0xffffffff80000000n,
  HKCU: 0xffffffff80000001n,
  HKLM: 0xffffffff80000002n,
  HKU: 0xffffffff80000003n,
};
/** KEY_READ | KEY_WOW64_64KEY */
const readAccess = 0x20019 | 0x0100;
/** Longest name of a value, in characters; of a key it is 255. */
const valueNameLimit = 16_383;
const keyNameLimit = 255;
const valueLimitBytes = 1024 * 1024;

/** Types of values (winnt.h). */
const valueTypes = { text: 1, expandable: 2, number: 4, numberBigEndian: 5, texts: 7, largeNumber: 11 } as const;

/** What the bytes of a value mean. Text may lack its zero, and lists may lack their second one. */
export function registryValueOf(type: number, bytes: Buffer): RegistryValue {
  switch (type) {
    case valueTypes.text:
    case valueTypes.expandable:
      return wideText(bytes);
    case valueTypes.number:
      return bytes.length >= 4 ? bytes.readUInt32LE() : 0;
    case valueTypes.numberBigEndian:
      return bytes.length >= 4 ? bytes.readUInt32BE() : 0;
    case valueTypes.texts:
      return bytes.toString("utf16le").split("\0").filter(Boolean);
    case valueTypes.largeNumber: {
      const number = bytes.length >= 8 ? bytes.readBigUInt64LE() : 0n;
      return number <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(number) : number;
    }
    default:
      return new Uint8Array(bytes);
  }
}

const isMissing = (code: number) => code === winError.fileNotFound || code === winError.pathNotFound;

/** Opens a key for as long as the work takes. @returns undefined when there is no such key */
function withKey<Result>(path: string, work: (key: bigint) => Result): Result | undefined {
  const [root = "", ...names] = path.split("\\");
  const parent = roots[root];
  if (parent === undefined) throw new OsError("COLLECT_UNREADABLE", `There is no registry root ${root}.`);
  const handle = Buffer.alloc(8);
  const code = advapi().RegOpenKeyExW(parent, wide(names.join("\\")), 0, readAccess, handle);
  if (isMissing(code)) return undefined;
  if (code !== 0) throw windowsError(path, code);
  const key = handle.readBigUInt64LE();
  try {
    return work(key);
  } finally {
    advapi().RegCloseKey(key);
  }
}

function readValue(path: string, key: bigint, name: string): RegistryValue | undefined {
  const wideName = wide(name);
  const type = Buffer.alloc(4);
  const size = Buffer.alloc(4);
  // A value may grow between the question for its size and the reading of it.
  for (let bytes = Buffer.alloc(256); ;) {
    size.writeUInt32LE(bytes.length);
    const code = advapi().RegQueryValueExW(key, wideName, null, type, bytes, size);
    if (isMissing(code)) return undefined;
    const length = size.readUInt32LE();
    if (code === 0) return registryValueOf(type.readUInt32LE(), bytes.subarray(0, length));
    if (code !== winError.moreData) throw windowsError(`${path}\\${name}`, code);
    if (length > valueLimitBytes) throw new OsError("COLLECT_OUTPUT_TOO_LARGE", `${path}\\${name} has ${length} bytes`);
    bytes = Buffer.alloc(Math.max(length, bytes.length * 2));
  }
}

function valueNames(path: string, key: bigint): string[] {
  const names: string[] = [];
  const name = Buffer.alloc((valueNameLimit + 1) * 2);
  const length = Buffer.alloc(4);
  for (let index = 0; ; index++) {
    length.writeUInt32LE(valueNameLimit + 1);
    const code = advapi().RegEnumValueW(key, index, name, length, null, null, null, null);
    if (code === winError.noMoreItems) return names;
    if (code !== 0) throw windowsError(path, code);
    names.push(name.toString("utf16le", 0, length.readUInt32LE() * 2));
  }
}

function keyNames(path: string, key: bigint): string[] {
  const names: string[] = [];
  const name = Buffer.alloc((keyNameLimit + 1) * 2);
  const length = Buffer.alloc(4);
  for (let index = 0; ; index++) {
    length.writeUInt32LE(keyNameLimit + 1);
    const code = advapi().RegEnumKeyExW(key, index, name, length, null, null, null, null);
    if (code === winError.noMoreItems) return names;
    if (code !== 0) throw windowsError(path, code);
    names.push(name.toString("utf16le", 0, length.readUInt32LE() * 2));
  }
}

export const registry: WindowsRegistry = {
  value: async (path, name) => withKey(path, (key) => readValue(path, key, name)),
  values: async (path) =>
    withKey(path, (key) => {
      const values = new Map<string, RegistryValue>();
      for (const name of valueNames(path, key)) {
        const value = readValue(path, key, name);
        if (value !== undefined) values.set(name, value);
      }
      return values;
    }),
  keys: async (path) => withKey(path, (key) => keyNames(path, key)),
};
