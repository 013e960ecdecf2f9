/** Maintenance windows: times in which findings are recorded and nobody is alarmed. */
import { z } from "zod";
import { Id } from "../ids.ts";
import { MaintenanceScope, TimeZone, Timestamp } from "./models.ts";

const Weekday = z.literal([1, 2, 3, 4, 5, 6, 7]).describe("ISO 8601: 1 is Monday.");
const LocalDate = z.iso.date();

export const MaintenanceRepeat = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("weekly"),
    every: z.int().min(1).max(12).describe("2: every other week, counted from the week of the first."),
    weekdays: z.array(Weekday).min(1).max(7),
  }),
  z.object({ kind: z.literal("monthly-day"), day: z.int().min(1).max(31).describe("The last day in months that have fewer.") }),
  z.object({ kind: z.literal("monthly-weekday"), nth: z.literal([1, 2, 3, 4, -1]).describe("-1: the last."), weekday: Weekday }),
]);
export type MaintenanceRepeat = z.infer<typeof MaintenanceRepeat>;

const dayMinutes = 1_440;

/** When a window is open, on the wall clock of its time zone: from 22:00 to 06:00 also in nights in which clocks change. */
export const MaintenanceSchedule = z.object({
  startsAtLocal: z
    .string()
    .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/)
    .describe("Local date and time of the first beginning."),
  minutes: z
    .int()
    .min(5)
    .max(31 * dayMinutes)
    .describe("Length on the wall clock."),
  timeZone: TimeZone,
  repeat: MaintenanceRepeat.nullable().describe("null: once."),
  until: LocalDate.nullable().describe("None begins after this local date; null: no end."),
});
export type MaintenanceSchedule = z.infer<typeof MaintenanceSchedule>;

const windowFields = {
  name: z.string().trim().min(1).max(200).describe("What is being done; whoever sees a finding held back reads it."),
  graceMinutes: z
    .int()
    .min(0)
    .max(dayMinutes)
    .describe("How long after the window a fault may last before somebody is told. What begins meanwhile counts as of the window."),
  afterEnd: z
    .enum(["tell", "keep"])
    .describe(
      "tell: a fault that outlives window and grace is told. keep: a fault that began in the window is only listed for as long as it lasts unbroken and does not get worse after it.",
    ),
};

export const MaintenanceWindow = z.object({
  maintenanceWindowId: Id,
  revision: z.int().min(1).describe("Counts up with every change."),
  customerId: Id.nullable().describe("null: the provider's."),
  customerName: z.string().nullable(),
  scope: MaintenanceScope,
  scopeId: z.string(),
  scopeName: z.string(),
  ...windowFields,
  schedule: MaintenanceSchedule,
  state: z.enum(["open", "planned", "over"]),
  current: z.object({ startsAt: Timestamp, endsAt: Timestamp }).nullable().describe("The occurrence that is under way."),
  next: z.object({ startsAt: Timestamp, endsAt: Timestamp }).nullable(),
  suppressed: z.object({ open: z.int(), closed: z.int() }).describe("Findings that nobody was told of because of it."),
  createdBy: z.string(),
  createdAt: Timestamp,
});
export type MaintenanceWindow = z.infer<typeof MaintenanceWindow>;

export const NewMaintenanceWindow = z.object({
  scope: MaintenanceScope,
  scopeId: z.string().max(64).default("").describe("Id of customer, site or device; the tag's text; empty for the provider."),
  customerId: Id.nullable().default(null).describe("Of a tag: only devices of this customer; null: of all."),
  name: windowFields.name,
  graceMinutes: windowFields.graceMinutes.default(15),
  afterEnd: windowFields.afterEnd.default("tell"),
  when: z.discriminatedUnion("kind", [
    z.object({
      kind: z.literal("now"),
      minutes: z
        .int()
        .min(5)
        .max(31 * dayMinutes),
    }),
    z.object({ kind: z.literal("planned"), schedule: MaintenanceSchedule }),
  ]),
});
export type NewMaintenanceWindow = z.infer<typeof NewMaintenanceWindow>;

/** Without defaults: what is left out stays as it is. An occurrence that is under way keeps its end; a new schedule holds from the next one. */
export const MaintenanceWindowChange = z.object({
  name: windowFields.name.optional(),
  graceMinutes: windowFields.graceMinutes.optional(),
  afterEnd: windowFields.afterEnd.optional(),
  schedule: MaintenanceSchedule.optional(),
  revision: z.int().min(1).describe("From which the change began; another one by now is a CONFLICT."),
});
