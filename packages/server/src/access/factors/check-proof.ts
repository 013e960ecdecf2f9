import type { Input } from "@hauswart/protocol/api/routes.ts";
import type { Verb } from "../../context.ts";
import { requireFreshProof } from "./fresh-proof.ts";

/** Whether the last proof is fresh. Errors: STEP_UP_REQUIRED. */
export async function checkProof({ ctx }: Verb<Input<"checkProof">>): Promise<void> {
  await requireFreshProof(ctx);
}
