/** Windows Management Instrumentation by COM. https://learn.microsoft.com/windows/win32/api/wbemcli/ */
import type { WmiValue } from "./calls.ts";
import { clearVariant, comError, createObject, method, mustCome, release, setUpCom, using, withText } from "./com.windows.ts";
import { bytesAt, library, wideTextAt } from "./library.ts";
import { idBytes, variantBytes, variantValue, type Variant } from "./variant.ts";

const ole = library("ole32.dll", {
  CoSetProxyBlanket: ["status", "address", "u32", "u32", "pointer", "u32", "u32", "pointer", "u32"],
});
const automation = library("oleaut32.dll", { SysFreeString: ["void", "address"] });

const locatorClass = idBytes("4590F811-1D3A-11D0-891F-00AA004B2E24");
const locatorKind = idBytes("DC12A687-737F-11CF-884D-00AA004B2E24");

/** Places in the tables of IWbemLocator, IWbemServices, IEnumWbemClassObject and IWbemClassObject. */
const connectServer = 3;
const execQuery = 20;
const nextObject = 4;
const beginEnumeration = 8;
const nextProperty = 9;

/** WBEM_FLAG_CONNECT_USE_MAX_WAIT: two minutes at most, and not for ever. */
const limitedWait = 0x80;
/** WBEM_FLAG_FORWARD_ONLY | WBEM_FLAG_RETURN_IMMEDIATELY */
const oneByOne = 0x20 | 0x10;
const ownPropertiesOnly = 0x40;
const answerWithinMs = 30_000;
const timedOut = 0x00040004;
/** RPC_C_AUTHN_WINNT, RPC_C_AUTHN_LEVEL_CALL, RPC_C_IMP_LEVEL_IMPERSONATE */
const [windowsLogIn, perCall, impersonate] = [10, 3, 3];
const rowLimit = 10_000;

/** CIMTYPE_ENUMERATION of wbemcli.h. */
const cim = { int64: 20, uint64: 21, uint32: 19, uint16: 18, char16: 103, array: 0x2000 } as const;

/** A property as WMI means it: COM knows no unsigned numbers there, and 64 bits travel as text. */
export function wmiValue(value: Variant, cimType: number): WmiValue {
  if (Array.isArray(value)) return (value as readonly Variant[]).map((one) => simpleWmi(one, cimType & ~cim.array));
  const simple = wmiNumber(value, cimType);
  if (simple === null || typeof simple !== "object") return simple;
  return null;
}

function simpleWmi(value: Variant, cimType: number): string | number | boolean {
  const simple = wmiNumber(value, cimType);
  if (typeof simple === "bigint") return Number(simple);
  return typeof simple === "string" || typeof simple === "number" || typeof simple === "boolean" ? simple : "";
}

function wmiNumber(value: Variant, cimType: number): Exclude<Variant, readonly unknown[]> {
  if ((cimType === cim.int64 || cimType === cim.uint64) && typeof value === "string" && /^-?\d+$/.test(value)) {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : BigInt(value);
  }
  if (typeof value === "number" && cimType === cim.uint32) return value >>> 0;
  if (typeof value === "number" && (cimType === cim.uint16 || cimType === cim.char16)) return value & 0xffff;
  return value as Exclude<Variant, readonly unknown[]>;
}

function readObject(object: bigint): Record<string, WmiValue> {
  const row: Record<string, WmiValue> = {};
  mustCome("properties", method(object, beginEnumeration, "u32")(ownPropertiesOnly));
  const next = method(object, nextProperty, "u32", "pointer", "pointer", "pointer", "pointer");
  for (;;) {
    const [name, value, type, origin] = [Buffer.alloc(8), Buffer.alloc(variantBytes), Buffer.alloc(4), Buffer.alloc(4)];
    // WBEM_S_NO_MORE_DATA is above 0, WBEM_S_NO_ERROR is 0.
    if (mustCome("properties", next(0, name, value, type, origin)) !== 0) return row;
    const text = name.readBigUInt64LE();
    row[wideTextAt(text)] = wmiValue(variantValue(value, bytesAt), type.readInt32LE());
    automation().SysFreeString(text);
    clearVariant(value);
  }
}

function readRows(list: bigint): Record<string, WmiValue>[] {
  const rows: Record<string, WmiValue>[] = [];
  const next = method(list, nextObject, "u32", "u32", "pointer", "pointer");
  while (rows.length < rowLimit) {
    const [object, count] = [Buffer.alloc(8), Buffer.alloc(4)];
    const result = mustCome("query", next(answerWithinMs, 1, object, count));
    if (count.readUInt32LE() === 0) {
      if (result === timedOut) throw comError("query", timedOut);
      return rows;
    }
    rows.push(using(object.readBigUInt64LE(), readObject));
  }
  return rows;
}

function connect(namespace: string): bigint {
  const services = Buffer.alloc(8);
  using(createObject(locatorClass, locatorKind), (locator) =>
    withText(namespace, (name) =>
      mustCome(
        namespace,
        method(
          locator,
          connectServer,
          "address",
          "address",
          "address",
          "address",
          "u32",
          "address",
          "address",
          "pointer",
        )(name, 0n, 0n, 0n, limitedWait, 0n, 0n, services),
      ),
    ),
  );
  return services.readBigUInt64LE();
}

/** See `WindowsCalls.wmi`. Blocks. */
export function queryWmi(namespace: string, query: string): Record<string, WmiValue>[] {
  setUpCom();
  const services = connect(namespace);
  try {
    ole().CoSetProxyBlanket(services, windowsLogIn, 0, null, perCall, impersonate, null, 0);
    const list = Buffer.alloc(8);
    withText("WQL", (language) =>
      withText(query, (words) =>
        mustCome(
          query,
          method(services, execQuery, "address", "address", "u32", "address", "pointer")(language, words, oneByOne, 0n, list),
        ),
      ),
    );
    return using(list.readBigUInt64LE(), (rows) => {
      ole().CoSetProxyBlanket(rows, windowsLogIn, 0, null, perCall, impersonate, null, 0);
      return readRows(rows);
    });
  } finally {
    release(services);
  }
}
