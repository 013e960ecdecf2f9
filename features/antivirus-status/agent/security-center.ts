/** What Windows Security Center knows of a product: the bits of `productState`, which Windows' own status API is made from. */
import type { CenterProduct } from "@hauswart/agent/readers/security-center.ts";
import type { Product } from "./product.ts";

/** Microsoft Defender's registration, the same on every computer. */
const defenderId = "{D68DDC3A-831F-4FAE-9E44-DA132C1ACF46}";

export interface CenterEntry {
  readonly name: string;
  readonly isDefender: boolean;
  readonly state: Product["state"];
  readonly signatures: "current" | "outdated" | "not-told";
  readonly program: CenterProduct["program"];
  readonly paths: readonly string[];
}

const states = new Map<number, Product["state"]>([
  [0x0000, "off"],
  [0x1000, "active"],
  [0x2000, "snoozed"],
  [0x3000, "expired"],
]);

export function centerEntry({ name, instanceId, state, program, paths }: CenterProduct): CenterEntry {
  return {
    name,
    isDefender: instanceId === defenderId,
    state: state === undefined ? "unknown" : (states.get(state & 0xf000) ?? "unknown"),
    signatures: state === undefined ? "not-told" : (state & 0x00f0) === 0 ? "current" : "outdated",
    program,
    paths,
  };
}
