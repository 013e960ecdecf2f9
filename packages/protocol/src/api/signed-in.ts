/** Who is signed in at a device, as its agent last said. */
import { z } from "zod";
import { signedInStates, signedInWays } from "../signed-in.ts";
import { Timestamp } from "./time.ts";

export const SignedInNow = z.object({
  isAsked: z
    .boolean()
    .describe("Whether agents are to tell. Where the house or the customer does not want it, nothing is told and nothing kept."),
  at: Timestamp.nullable().describe("When the agent last said it. null: it is not known."),
  isCurrent: z.boolean().describe("It is so now: the device is connected, and its agent tells every change. Otherwise it was so at last."),
  people: z
    .array(
      z.object({
        name: z.string().describe("The account; on Windows with its domain."),
        by: z.enum(signedInWays),
        since: Timestamp.nullable(),
        state: z.enum(signedInStates).nullable().describe("disconnected: signed in, but at no screen. null: the system does not say."),
      }),
    )
    .describe("By session; empty when nobody is."),
  others: z.int().describe("Sessions beyond those that are named."),
});
export type SignedInNow = z.infer<typeof SignedInNow>;
