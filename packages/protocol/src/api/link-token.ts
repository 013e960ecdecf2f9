/** What the pages behind links in mails send: the token that acts without a sign-in. */
import { z } from "zod";

export const ActionToken = z.string().min(1).max(400).describe("From the fragment of the link in the mail.");
export const LinkToken = z.object({ token: ActionToken });
