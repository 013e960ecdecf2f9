/** Working time for tests that want some and not a certain one. */
import { WorkingTime } from "@hauswart/calendar/working-time.ts";

/** Monday to Friday 09:00 to 18:00 in Berlin, no holidays. */
export const workingWeek = new WorkingTime({
  timeZone: "Europe/Berlin",
  hours: Object.fromEntries([1, 2, 3, 4, 5].map((day) => [day, [{ from: "09:00", to: "18:00" }]])),
  workingDays: [1, 2, 3, 4, 5],
  holidays: [],
  halfDaysWork: true,
});
