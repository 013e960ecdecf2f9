/** What Windows Security Center knows of a product. */
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

export const centerEntry = ({ name, instanceId, says, program, paths }: CenterProduct): CenterEntry => ({
  name,
  isDefender: instanceId === defenderId,
  state: says?.state ?? "unknown",
  signatures: says?.signatures ?? "not-told",
  program,
  paths,
});
