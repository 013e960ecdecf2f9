/**
 * How long things are kept. One list of limits for the settings of a provider and for the environment of the server, which says
 * what holds until a provider has chosen.
 */
import { z } from "zod";

export interface RetentionLimit {
  readonly least: number;
  readonly most: number;
  /** What holds when nobody said anything. */
  readonly usual: number;
}

export const retentionLimits = {
  rawSampleDays: { least: 1, most: 3_660, usual: 35 },
  rollupMonths: { least: 1, most: 240, usual: 13 },
  findingMonths: { least: 1, most: 240, usual: 36 },
  roundMonths: { least: 1, most: 240, usual: 36 },
  auditMonths: { least: 12, most: 240, usual: 120 },
  mailDays: { least: 7, most: 3_660, usual: 90 },
  sessionDays: { least: 1, most: 3_660, usual: 90 },
  quarantineDays: { least: 1, most: 3_660, usual: 90 },
} as const satisfies Record<string, RetentionLimit>;

/** Days and months in the order of the form. */
export type RetentionKey = keyof typeof retentionLimits;

const kept = (key: RetentionKey, what: string) => {
  const { least, most, usual } = retentionLimits[key];
  return z.int().min(least).max(most).describe(`${what} (${usual}).`);
};

/** The fields of a provider's settings that say how long things are kept. */
export const retentionFields = {
  rawSampleDays: kept("rawSampleDays", "Single samples are kept this long"),
  rollupMonths: kept("rollupMonths", "Hourly roll-ups are kept this long"),
  findingMonths: kept("findingMonths", "Findings are kept this long after they closed, with their history"),
  roundMonths: kept("roundMonths", "Records of rounds, the proof of each working day's antivirus check, are kept this long"),
  auditMonths: kept("auditMonths", "Entries of the audit log are kept this long; their seals stay"),
  mailDays: kept("mailDays", "Mails are kept this long once nothing waits to be sent"),
  sessionDays: kept("sessionDays", "Sessions that ended are kept this long"),
  quarantineDays: kept("quarantineDays", "Messages that could not be stored are kept this long"),
} satisfies Record<RetentionKey, z.ZodType>;

export const RetentionQuery = z.object(
  Object.fromEntries(
    Object.entries(retentionLimits).map(([key, { least, most }]) => [key, z.coerce.number().int().min(least).max(most).optional()]),
  ) as Record<RetentionKey, z.ZodOptional<z.ZodCoercedNumber>>,
);

/** What the next run of the retention chore would delete with these settings. */
export const RetentionPreview = z.object({
  items: z.array(
    z.object({
      setting: z.enum(Object.keys(retentionLimits) as [RetentionKey, ...RetentionKey[]]),
      /** Everything before this goes. */
      before: z.iso.datetime({ offset: true }),
      rows: z.int().describe("How many; counted up to `countedUpTo`."),
      isMore: z.boolean().describe("There are more than `rows`."),
    }),
  ),
  countedUpTo: z.int(),
});
