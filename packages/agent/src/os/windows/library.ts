/**
 * Calls into Windows' own libraries: the only file that knows bun:ffi. A library is declared with its functions, their C types, and in a
 * comment the page of Microsoft's that they are taken from; it is opened when first used.
 */
import { CFunction, dlopen, JSCallback, ptr, toArrayBuffer, type FFIFunction, type Pointer } from "bun:ffi";
import { OsError } from "../os.ts";

/**
 * C types. `pointer` takes bytes of ours, an address, or null; `handle` and `address` are 64 bits that Windows hands out and takes back;
 * `status` is an HRESULT, LSTATUS or BOOL: 32 bits with a sign.
 */
export type CType = "pointer" | "handle" | "address" | "u16" | "u32" | "u64" | "status" | "void";
/** What it returns, then what it takes. */
export type Signature = readonly [CType, ...CType[]];

type In<T extends CType> = T extends "pointer" ? Uint8Array | bigint | null : T extends "handle" | "address" | "u64" ? bigint : number;
type Out<T extends CType> = T extends "void" ? undefined : T extends "handle" | "address" | "u64" | "pointer" ? bigint : number;
type Inputs<T extends readonly CType[]> = { [Index in keyof T]: In<T[Index]> };
/** A function as TypeScript sees it. */
export type Call<S extends Signature> = S extends readonly [infer Result extends CType, ...infer Arguments extends readonly CType[]]
  ? (...values: Inputs<Arguments>) => Out<Result>
  : never;

const types = {
  pointer: "ptr",
  handle: "u64",
  address: "u64",
  u16: "u16",
  u32: "u32",
  u64: "u64",
  status: "i32",
  void: "void",
} as const satisfies Record<CType, string>;

const described = ([returns, ...values]: Signature): FFIFunction => ({
  // An address that comes back is a number of 64 bits, never null.
  returns: returns === "pointer" ? "u64" : types[returns],
  args: values.map((value) => types[value]),
});

/** Bun wants addresses as numbers: those of Windows' user space fit. */
function wrapped<S extends Signature>(call: (...values: never[]) => unknown, [, ...values]: S): Call<S> {
  const pointers = values.flatMap((type, index) => (type === "pointer" ? index : []));
  return ((...given: unknown[]) => {
    for (const index of pointers) if (typeof given[index] === "bigint") given[index] = Number(given[index]);
    return call(...(given as never[]));
  }) as Call<S>;
}

/** Declares a library. @returns what opens it, once. That throws OsError where the library or one of the functions does not exist. */
export function library<const Functions extends Record<string, Signature>>(
  file: string,
  functions: Functions,
): () => { readonly [Name in keyof Functions]: Call<Functions[Name]> } {
  let opened: Record<string, unknown> | undefined;
  return () => (opened ??= open(file, functions)) as { readonly [Name in keyof Functions]: Call<Functions[Name]> };
}

function open(file: string, functions: Record<string, Signature>): Record<string, unknown> {
  try {
    // Opened before any other, because opening a library is what the last error would be of.
    if (!("GetLastError" in functions)) kernel();
    const { symbols } = dlopen(
      file,
      Object.fromEntries(Object.entries(functions).map(([name, signature]) => [name, described(signature)])),
    );
    return Object.fromEntries(Object.entries(functions).map(([name, signature]) => [name, wrapped(symbols[name] as never, signature)]));
  } catch (error) {
    throw new OsError("COLLECT_UNSUPPORTED", `${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const methods = new Map<string, unknown>();

/** A function by its address: a method of a COM object. Made once per address. */
export function functionAt<const S extends Signature>(address: bigint, signature: S): Call<S> {
  const key = `${address} ${signature.join()}`;
  const known = methods.get(key);
  if (known) return known as Call<S>;
  const made = wrapped(CFunction({ ...described(signature), ptr: Number(address) as Pointer }) as never, signature);
  methods.set(key, made);
  return made;
}

/** A function of ours that Windows calls while a call of ours lasts. Lives as long as the process. @returns its address */
export function callback(signature: Signature, called: (...values: never[]) => number): bigint {
  return BigInt(new JSCallback(called as never, described(signature)).ptr ?? 0);
}

/** Where bytes of ours lie. They must stay in use until Windows is done with them. */
export const addressOf = (bytes: Uint8Array): bigint => BigInt(ptr(bytes));

/** A copy of memory of Windows'. */
export function bytesAt(address: bigint, length: number): Buffer {
  if (length === 0) return Buffer.alloc(0);
  return Buffer.from(Buffer.from(toArrayBuffer(Number(address) as Pointer, 0, length)));
}

/** Text as Windows takes it: UTF-16 with a zero at its end. */
export const wide = (text: string): Buffer => Buffer.from(`${text}\0`, "utf16le");

/** Text in a buffer, up to its zero or the buffer's end; empty for an offset outside of it, which no address at all comes to. */
export function wideText(bytes: Buffer, offset = 0): string {
  if (offset < 0 || offset >= bytes.length) return "";
  let end = offset;
  while (end + 1 < bytes.length && (bytes[end] !== 0 || bytes[end + 1] !== 0)) end += 2;
  return bytes.toString("utf16le", offset, end);
}

/** https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-lstrlenw, …/errhandlingapi/nf-errhandlingapi-getlasterror */
const kernel = library("kernel32.dll", { lstrlenW: ["status", "address"], GetLastError: ["u32"] });

/** Text at an address of Windows', up to its zero; empty for none. */
export function wideTextAt(address: bigint): string {
  if (address === 0n) return "";
  return bytesAt(address, kernel().lstrlenW(address) * 2).toString("utf16le");
}

/** Why the last call failed: ask at once. https://learn.microsoft.com/windows/win32/debug/system-error-codes */
export const lastError = (): number => kernel().GetLastError();

/** Numbers of winerror.h that are told apart. */
export const winError = {
  fileNotFound: 2,
  pathNotFound: 3,
  accessDenied: 5,
  noMoreFiles: 18,
  notReady: 21,
  notSupported: 50,
  notImplemented: 120,
  insufficientBuffer: 122,
  invalidLevel: 124,
  moreData: 234,
  noMoreItems: 259,
} as const;

const unsupported: readonly number[] = [winError.notSupported, winError.notImplemented];

/** A failed call as collectors know it. @param code of winerror.h. */
export function windowsError(what: string, code: number): OsError {
  const detail = `${what}: Windows error ${code}`;
  if (code === winError.accessDenied) return new OsError("COLLECT_PERMISSION_DENIED", detail);
  return new OsError(unsupported.includes(code) ? "COLLECT_UNSUPPORTED" : "COLLECT_UNREADABLE", detail);
}

/** 100 nanoseconds since 1601 (FILETIME) as Unix time in milliseconds. */
export const fileTimeMs = (ticks: bigint): number => Number(ticks / 10_000n) - 11_644_473_600_000;
