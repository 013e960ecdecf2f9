/** The check through which an alarm drill runs. */
export const alarmDrillCheckId = "alarm-drill";

/** The first step that a failed drill did not reach: no sample, no mail, not taken by the mail server, nobody pressed. */
export const drillReasons = ["not-measured", "not-mailed", "not-accepted", "not-confirmed"] as const;
export type DrillReason = (typeof drillReasons)[number];
