/** How much noise a house bears before a rule is to be changed. */
import { z } from "zod";

export const NoiseBudget = z.object({
  noisePercent: z
    .number()
    .min(0)
    .max(100)
    .describe("A check is over its budget when a larger share of its judged findings was noise (10) …"),
  leastAWeek: z.number().min(0).max(10_000).describe("… and it raised at least so many findings a week: fewer prove nothing (1);"),
  mostAWeek: z.number().min(1).max(100_000).describe("or when it raises more than so many findings a week, however they were judged (50)."),
});
export type NoiseBudget = z.infer<typeof NoiseBudget>;
