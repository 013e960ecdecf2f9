/** What a feature says about simulation: how a simulated computer's state looks as a sample of its check. */
import type { AnyCheck, SampleOf } from "@hauswart/protocol/check.ts";
import type { SimulatedComputer } from "./computer.ts";

export interface SimulatedCheck<Check extends AnyCheck = AnyCheck> {
  readonly check: Check["id"];
  readonly version: number;
  sample(computer: SimulatedComputer, atMs: number): SampleOf<Check>;
}

export function simulatedCheck<Check extends AnyCheck>(simulated: SimulatedCheck<Check>): SimulatedCheck<Check> {
  return simulated;
}
