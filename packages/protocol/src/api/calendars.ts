/** What the API shows of working calendars. Local dates are YYYY-MM-DD, times of a day HH:MM, in the time zone of whoever works by them. */
import { z } from "zod";

/**
 * What a calendar is asked for.
 * - service: hours in which the house works, which intervention times count (SVC-1, SVC-4), and the working days
 * - acceptance: hours in which faults are accepted (SVC-1)
 * - quiet: hours in which people are not to be disturbed
 * - patch: hours in which computers may be changed
 */
export const CalendarPurpose = z.enum(["service", "acceptance", "quiet", "patch"]);
export type CalendarPurpose = z.infer<typeof CalendarPurpose>;
export const calendarPurposes = CalendarPurpose.options;
