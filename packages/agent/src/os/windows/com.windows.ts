/**
 * COM objects: methods by their place in the object's table, and, for those that can be asked by name (IDispatch), properties and
 * methods by name. https://learn.microsoft.com/windows/win32/api/objbase/, …/oleauto/, …/oaidl/
 */
import { OsError } from "../os.ts";
import { addressOf, bytesAt, functionAt, library, wide, type Call, type CType } from "./library.ts";
import { idBytes, numberOf, variantBytes, variantTypes, variantValue, type Variant } from "./variant.ts";

const ole = library("ole32.dll", {
  CoInitializeEx: ["status", "pointer", "u32"],
  CoCreateInstance: ["status", "pointer", "pointer", "u32", "pointer", "pointer"],
  CLSIDFromProgID: ["status", "pointer", "pointer"],
});
const automation = library("oleaut32.dll", {
  SysAllocString: ["address", "pointer"],
  SysFreeString: ["void", "address"],
  VariantClear: ["status", "pointer"],
});

const multithreaded = 0;
/** COM was set up for this thread before: S_FALSE, and RPC_E_CHANGED_MODE when in the other way. */
const alreadySetUp: readonly number[] = [0, 1, 0x80010106 | 0];
/** CLSCTX_INPROC_SERVER | CLSCTX_LOCAL_SERVER */
const anywhere = 1 | 4;
const dispatchId = idBytes("00020400-0000-0000-C000-000000000046");
const noId = Buffer.alloc(16);

const accessDenied = [0x80070005, 0x80041003];
const notThere = [0x80040154, 0x800401f3, 0x80004001, 0x8004100e, 0x80041010, 0x80041002];

/** A failed HRESULT as collectors know it. */
export function comError(what: string, result: number): OsError {
  const code = result >>> 0;
  const detail = `${what}: 0x${code.toString(16).padStart(8, "0")}`;
  if (accessDenied.includes(code)) return new OsError("COLLECT_PERMISSION_DENIED", detail);
  return new OsError(notThere.includes(code) ? "COLLECT_UNSUPPORTED" : "COLLECT_UNREADABLE", detail);
}

/** Throws OsError for an HRESULT that says that a call failed. */
export function mustCome(what: string, result: number): number {
  if (result < 0) throw comError(what, result);
  return result;
}

/** Sets COM up for this thread. */
export function setUpCom(): void {
  const result = ole().CoInitializeEx(null, multithreaded);
  if (!alreadySetUp.includes(result)) throw comError("CoInitializeEx", result);
}

/** Makes an object. @param identity CLSID, or a name such as Microsoft.Update.Session; @param kind IID, IDispatch when left out */
export function createObject(identity: Uint8Array | string, kind: Uint8Array = dispatchId): bigint {
  const classId = typeof identity === "string" ? Buffer.alloc(16) : identity;
  if (typeof identity === "string") mustCome(identity, ole().CLSIDFromProgID(wide(identity), classId));
  const object = Buffer.alloc(8);
  mustCome(typeof identity === "string" ? identity : "CoCreateInstance", ole().CoCreateInstance(classId, null, anywhere, kind, object));
  return object.readBigUInt64LE();
}

/** The method at a place of an object's table, its object given already. It returns an HRESULT. */
export function method<const Types extends readonly CType[]>(
  object: bigint,
  place: number,
  ...types: Types
): (...values: Parameters<Call<readonly ["status", ...Types]>>) => number {
  const table = bytesAt(object, 8).readBigUInt64LE();
  const call = functionAt(bytesAt(table + BigInt(place * 8), 8).readBigUInt64LE(), ["status", "address", ...types]);
  return (...values) => (call as (...given: readonly unknown[]) => number)(object, ...values);
}

/** IUnknown::Release: gives an object back. */
export function release(object: bigint): void {
  if (object !== 0n) method(object, 2)();
}

/** Works with an object, and gives it back. */
export function using<Result>(object: bigint, work: (object: bigint) => Result): Result {
  try {
    return work(object);
  } finally {
    release(object);
  }
}

/** Lends a text to COM while the work takes. */
export function withText<Result>(text: string, work: (text: bigint) => Result): Result {
  const lent = automation().SysAllocString(wide(text));
  try {
    return work(lent);
  } finally {
    automation().SysFreeString(lent);
  }
}

/** Frees what a VARIANT holds. */
export const clearVariant = (variant: Uint8Array): number => automation().VariantClear(variant);

const englishIds = 0x0409;
/** What to do with a name (oleauto.h). */
const callOrRead = 1 | 2;

/**
 * Asks an object by name: reads a property, or calls a method. Texts and whole numbers can be given.
 * @returns an object stays with the caller, who has to release it
 */
export function ask(object: bigint, name: string, values: readonly (string | number)[] = []): Variant {
  const wideName = wide(name);
  const names = Buffer.alloc(8);
  names.writeBigUInt64LE(addressOf(wideName));
  const id = Buffer.alloc(4);
  mustCome(name, method(object, 5, "pointer", "pointer", "u32", "u32", "pointer")(noId, names, 1, englishIds, id));
  const given = givenValues(values);
  const result = Buffer.alloc(variantBytes);
  try {
    // DISPPARAMS: addresses of values and of names, then how many of each.
    const parameters = Buffer.alloc(24);
    parameters.writeBigUInt64LE(values.length > 0 ? addressOf(given) : 0n);
    parameters.writeUInt32LE(values.length, 16);
    const invoke = method(object, 6, "u32", "pointer", "u32", "u16", "pointer", "pointer", "pointer", "pointer");
    mustCome(name, invoke(id.readUInt32LE(), noId, englishIds, callOrRead, parameters, result, null, null));
    return variantValue(result, bytesAt);
  } finally {
    // What was an object lives on with the caller.
    if (result.readUInt16LE() !== variantTypes.object) clearVariant(result);
    for (let at = 0; at < given.length; at += variantBytes) clearVariant(given.subarray(at, at + variantBytes));
  }
}

/** Values as VARIANTs, the last one first, as IDispatch::Invoke wants them. */
function givenValues(values: readonly (string | number)[]): Buffer {
  const given = Buffer.alloc(values.length * variantBytes);
  values.toReversed().forEach((value, index) => {
    const at = index * variantBytes;
    if (typeof value === "string") {
      given.writeUInt16LE(variantTypes.text, at);
      given.writeBigUInt64LE(automation().SysAllocString(wide(value)), at + 8);
    } else {
      given.writeUInt16LE(variantTypes.int32, at);
      given.writeInt32LE(value, at + 8);
    }
  });
  return given;
}

/** An object that `ask` answered with. Throws OsError when it is none. */
export function asObject(what: string, value: Variant): bigint {
  if (typeof value === "object" && value !== null && "object" in value && value.object !== 0n) return value.object;
  throw new OsError("COLLECT_UNREADABLE", `${what} is no object.`);
}

/** Reads each item of a collection with Count and Item. */
export function eachItem<Result>(collection: bigint, read: (item: Variant) => Result): Result[] {
  const count = numberOf(ask(collection, "Count"));
  return Array.from({ length: count }, (_, index) => {
    const item = ask(collection, "Item", [index]);
    try {
      return read(item);
    } finally {
      if (typeof item === "object" && item !== null && "object" in item) release(item.object);
    }
  });
}
