import { z } from "zod";

/** What somebody calls something: not empty, not endless. */
export const Name = z.string().trim().min(1).max(200);
