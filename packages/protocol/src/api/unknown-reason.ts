import { z } from "zod";

/** Why a check is unknown; null when it is not. */
export const UnknownReason = z
  .enum([
    "never-measured",
    "evidence-too-old",
    "not-judged",
    "no-data",
    "collect-failed",
    "agent-too-old",
    "too-many-checks",
    "device-absent",
  ])
  .nullable()
  .describe("not-judged: there is fresh evidence, and the judge could not tell from it; the subjects say why.");
