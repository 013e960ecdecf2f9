import type { RegistryValue } from "../os/windows/calls.ts";

const offsetMs = 11_644_473_600_000;

/** FILETIME, 100 ns since 1601, as a number or as the eight bytes of it. @returns Unix time in milliseconds; null for what is none */
export function fromFileTime(value: RegistryValue | undefined): number | null {
  const ticks = ticksOf(value);
  if (ticks === undefined || ticks <= 0n) return null;
  const atMs = Number(ticks / 10_000n) - offsetMs;
  return atMs > 0 ? atMs : null;
}

function ticksOf(value: RegistryValue | undefined): bigint | undefined {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") return BigInt(Math.trunc(value));
  if (!(value instanceof Uint8Array) || value.length !== 8) return undefined;
  return new DataView(value.buffer, value.byteOffset, 8).getBigUint64(0, true);
}
