/** Alarm drills go the way of every alarm, but what is counted, promised or reported to people counts without them. */
import { alarmDrillCheckId } from "@hauswart/protocol/alarm-drill.ts";

/** Condition that a finding, or a check, is none of a drill. @param row its alias in the statement */
export const isNoDrill = (row: string): string => `${row}.check_id <> '${alarmDrillCheckId}'`;
