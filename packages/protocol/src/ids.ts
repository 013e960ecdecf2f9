/**
 * Identifiers. Every id in Hauswart is a UUID version 7 (RFC 9562, section 5.7): it sorts by the time it was made,
 * so new rows land at the right-hand edge of every index.
 */
import { z } from "zod";

/** A UUID in its canonical lower-case text form. */
export const Id = z.uuid().describe("UUID, lower case.");
export type Id = z.infer<typeof Id>;

export { newId } from "./new-id.ts";
