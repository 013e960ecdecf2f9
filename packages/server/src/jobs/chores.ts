/** What the server does by itself, and when. */
import { forgetEndedAccess } from "../access/forget-ended-access.ts";
import { refillHolidays } from "../calendars/refill-holidays.ts";
import { forgetSignedIn } from "../devices/signed-in.ts";
import { packSamples } from "../history/pack.ts";
import { dropExpiredPartitions, ensurePartitions } from "../history/partitions.ts";
import { forgetByRetention } from "../history/retention.ts";
import { rollUp } from "../history/roll-up.ts";
import { planMaintenance } from "../maintenance/occurrences.ts";
import { refreshAllDevices } from "../policies/refresh-device-checks.ts";
import { forgetOldMessages } from "./forget-old-messages.ts";
import type { Chore } from "./job-queue.ts";

export const chores: readonly Chore[] = [
  {
    name: "partitions",
    cron: "10 * * * *",
    // Dropped here and not with the rest at night, when a backup may well be reading them each time.
    run: async (services) => ({ made: await ensurePartitions(services), dropped: await dropExpiredPartitions(services) }),
  },
  {
    // One chore for both, because packing takes only what is rolled up, and the two must not run at the same time.
    name: "history",
    cron: "5 * * * *",
    run: async (services) => {
      const { hours } = await rollUp(services);
      const { devices, values, dropped } = await packSamples(services);
      return { hours, packedDevices: devices, packedValues: values, dropped };
    },
  },
  // Once a month: laws change, and another year comes into sight.
  { name: "holidays", cron: "30 3 1 * *", run: async (services) => ({ days: await refillHolidays(services) }) },
  // Does what a change of a policy left undone because the process died in the middle of it.
  { name: "policies", cron: "20 3 * * *", run: async (services) => refreshAllDevices(services).then(() => ({})) },
  { name: "maintenance-windows", cron: "30 3 * * *", run: async (services) => ({ windows: await planMaintenance(services) }) },
  {
    name: "retention",
    cron: "40 2 * * *",
    run: async (services) => {
      const rows = await forgetByRetention(services);
      const messages = await forgetOldMessages(services);
      await forgetEndedAccess(services);
      await forgetSignedIn(services);
      return { rows, messages };
    },
  },
];
