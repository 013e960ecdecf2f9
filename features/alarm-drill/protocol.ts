/**
 * An exercise of the alarm chain: a marked fault that the server orders and the agent reports.
 *
 * 1: 2026-11-22 first version.
 */
import { alarmDrillCheckId } from "@hauswart/protocol/alarm-drill.ts";
import { defineCheck } from "@hauswart/protocol/check.ts";
import { fact, setting } from "@hauswart/protocol/fields.ts";
import { z } from "zod";

export const alarmDrill = defineCheck({
  id: alarmDrillCheckId,
  version: 1,
  description: "Reports a marked, harmless fault while an alarm drill is running, to prove that alarms arrive.",
  promises: ["ALM-1"],
  cycle: { everyMinutes: 15 },
  failuresBeforeFinding: 1,
  sample: z.object({
    drillId: fact.text("The drill that the agent was told of, as it came back from the computer."),
  }),
  selection: z.object({
    drillId: setting.text("", "The drill that is running. Set by the server alone; without one there is nothing to report.", 64),
  }),
  judgement: z.object({}),
  findings: {
    drill: { description: "A drill is running: nothing is wrong, and its reader is asked to confirm the mail.", raises: ["failure"] },
  },
  noData: ["no-drill"],
  onByDefault: false,
});

export default [alarmDrill];
