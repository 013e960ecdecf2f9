/** Rounds of working days and their records. */
import { z } from "zod";
import { Id } from "../../ids.ts";
import { CsvQuery, page, PageQuery, route } from "../route.ts";
import { Round, RoundRecord } from "../rounds.ts";

export const roundsRoutes = {
  getRounds: route({
    name: "getRounds",
    method: "GET",
    path: "/rounds",
    scope: "devices:read",
    summary:
      "The last working days of each round: how many devices were done, late, not measurable. A day that is due and has no record counts nobody as done.",
    query: z.object({ customerId: Id.optional() }),
    response: z.object({ rounds: z.array(Round) }),
  }),
  listRoundRecords: route({
    name: "listRoundRecords",
    method: "GET",
    path: "/round-records",
    scope: "devices:read",
    summary: "Records of a round, the newest day first: what was measured on each device, or why nothing could be.",
    query: PageQuery.extend(CsvQuery.shape).extend({
      check: z.string().max(64).optional().describe("Left out: of all rounds."),
      customerId: Id.optional(),
      deviceId: Id.optional(),
      fromDay: z.iso.date().optional(),
      toDay: z.iso.date().optional(),
      state: z
        .enum(["waiting", "done", "not-measurable", "late", "bad"])
        .optional()
        .describe("late: done, but late. bad: done, with a warning or failure."),
    }),
    response: page(RoundRecord),
    csv: true,
  }),
} as const;
