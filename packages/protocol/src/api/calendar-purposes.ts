/**
 * What a calendar is asked for.
 * - service: hours in which the house works, which intervention times count (SVC-1, SVC-4), and the working days
 * - acceptance: hours in which faults are accepted (SVC-1)
 * - quiet: hours in which people are not to be disturbed
 * - patch: hours in which computers may be changed
 */
export const calendarPurposes = ["service", "acceptance", "quiet", "patch"] as const;
export type CalendarPurpose = (typeof calendarPurposes)[number];
