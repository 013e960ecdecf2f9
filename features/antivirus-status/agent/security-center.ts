/** What Windows Security Center knows of a product: the bits of `productState`, which Windows' own status API is made from. */
import type { WmiValue } from "@hauswart/agent/os/windows/calls.ts";
import type { Product } from "./product.ts";

/** Microsoft Defender's registration, the same on every computer. */
const defenderId = "{D68DDC3A-831F-4FAE-9E44-DA132C1ACF46}";

export interface CenterEntry {
  readonly name: string;
  readonly isDefender: boolean;
  readonly state: Product["state"];
  readonly signatures: "current" | "outdated";
}

const states = new Map<number, Product["state"]>([
  [0x0000, "off"],
  [0x1000, "active"],
  [0x2000, "snoozed"],
  [0x3000, "expired"],
]);

/** @returns undefined for a row without a name or a state */
export function parseCenterRow(row: Readonly<Record<string, WmiValue>>): CenterEntry | undefined {
  const { displayName, instanceGuid, productState } = row;
  const bits = Number(productState);
  if (typeof displayName !== "string" || displayName.trim() === "" || productState === null || !Number.isInteger(bits)) return undefined;
  return {
    name: displayName.trim(),
    isDefender: String(instanceGuid).toUpperCase() === defenderId,
    state: states.get(bits & 0xf000) ?? "unknown",
    signatures: (bits & 0x00f0) === 0 ? "current" : "outdated",
  };
}
