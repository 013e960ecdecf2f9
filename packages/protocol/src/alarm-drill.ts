/** The check through which an alarm drill runs. */
export const alarmDrillCheckId = "alarm-drill";

/** The first step that a failed drill did not reach: no sample, no mail, not taken by the mail server, come back from everybody, nobody pressed. */
export const drillReasons = ["not-measured", "not-mailed", "not-accepted", "returned", "not-confirmed"] as const;
export type DrillReason = (typeof drillReasons)[number];
