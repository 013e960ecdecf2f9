/** Views: a list's filters, sorting and columns, kept under a name. */
import { z } from "zod";
import { Id } from "../ids.ts";
import { Timestamp } from "./models.ts";

/** Lists that have views. */
export const viewLists = ["devices", "findings", "audit", "outbox"] as const;
export const ViewList = z.enum(viewLists);
export type ViewList = z.infer<typeof ViewList>;

const ViewName = z.string().trim().min(1).max(100);
const ViewSearch = z
  .string()
  .max(2_000)
  .regex(/^[^?#\s]*$/, "Without question mark, hash and spaces.")
  .describe("What stands behind the question mark of the list's address.");
const ViewColumns = z
  .record(z.string().max(64), z.boolean())
  .refine((columns) => Object.keys(columns).length <= 100, "At most 100 columns.")
  .nullable()
  .describe("By column: whether it is shown; null: as the list has them.");

export const SavedView = z.object({
  savedViewId: Id,
  list: ViewList,
  name: ViewName,
  search: z.string(),
  columns: ViewColumns,
  isShared: z.boolean().describe("Everybody in the house may use it."),
  isMine: z.boolean(),
  mayChange: z
    .boolean()
    .describe("Whether whoever asks renames, replaces and removes it: its owner, and for shared ones who manages the users of the house."),
  ownerName: z.string(),
  isDefault: z.boolean().describe("The list opens with it, for whoever asks."),
  updatedAt: Timestamp,
});
export type SavedView = z.infer<typeof SavedView>;

export const NewSavedView = z.object({
  list: ViewList,
  name: ViewName,
  search: ViewSearch,
  columns: ViewColumns.default(null),
  isShared: z.boolean().default(false),
});
export const SavedViewChange = z.object({
  name: ViewName.optional(),
  search: ViewSearch.optional(),
  columns: ViewColumns.optional(),
  isShared: z.boolean().optional(),
});
