/** People as the API shows them: accounts, invitations, sessions, passwords. */
import { z } from "zod";
import { Id } from "../ids.ts";
import { roles } from "../roles.ts";
import { Account, LanguageCode, Reach, Timestamp } from "./models.ts";
import { Unreachable } from "./routing.ts";

const PersonName = z.string().trim().min(1).max(200);
/** Long enough that counting wrong ones keeps it safe; the upper end only bounds the work. */
const NewPassword = z.string().min(12).max(1_000).describe("At least 12 characters.");
const OneTimeToken = z.string().min(1).max(200).describe("From the fragment of the link in the mail.");

/** A reach as it can be set: a list with somebody in it, or everybody. */
const NewReach = Reach.refine(({ mode, customerIds }) => (mode === "all") === (customerIds.length === 0), {
  path: ["customerIds"],
  message: "Name at least one customer to include or exclude; for all customers leave the list empty.",
});

/** An account as those see it who give rights. */
export const AccountWhole = Account.extend({
  disabledAt: Timestamp.nullable().describe("Since when nobody can sign in with it; null: it can be used."),
  lastUsedAt: Timestamp.nullable().describe("Last use of any of its sessions; null: never signed in, or not for months."),
  openSessions: z.int(),
  unreachable: Unreachable.nullable().describe("Mails to its address do not arrive."),
  reachFromIssuer: z
    .string()
    .nullable()
    .describe(
      "Name of the identity provider that made the account and so gave it all customers, as it no longer does; null: somebody of the house gave it its customers. A change of its reach, also to the same one, says that somebody did.",
    ),
  factors: z.object({ totp: z.boolean(), passkeys: z.int() }).describe("Its second factors; neither: the password alone protects it."),
});
export type AccountWhole = z.infer<typeof AccountWhole>;

export const AccountChange = z.object({
  name: PersonName.optional(),
  language: LanguageCode.optional(),
  role: z.enum(roles).optional(),
  reach: NewReach.optional(),
  isDisabled: z.boolean().optional().describe("true ends all its sessions and API keys at once."),
});

export const Invitation = z.object({
  invitationId: Id,
  email: z.string(),
  name: z.string(),
  role: z.enum(roles),
  reach: Reach,
  language: LanguageCode,
  state: z.enum(["open", "expired"]),
  createdAt: Timestamp,
  createdBy: z.string().describe("Name of who invited."),
  sentAt: Timestamp.describe("When the last mail was written."),
  expiresAt: Timestamp,
});
export type Invitation = z.infer<typeof Invitation>;
export const NewInvitation = z.object({
  email: z.email().max(320),
  name: PersonName,
  role: z.enum(roles),
  reach: NewReach.default({ mode: "all", customerIds: [] }),
  language: LanguageCode.default("de"),
});
/** Without a mail server nobody else could bring the link to whom it is for. */
export const SentInvitation = Invitation.extend({
  link: z.string().nullable().describe("The link to hand over, shown once; null when it was mailed."),
});

export const InvitationToken = z.object({ token: OneTimeToken });
/** What an invited person sees before accepting. */
export const InvitationOffer = z.object({
  email: z.string(),
  name: z.string(),
  role: z.enum(roles),
  language: LanguageCode,
  providerName: z.string(),
  expiresAt: Timestamp,
});
export const AcceptedInvitation = z.object({
  token: OneTimeToken,
  name: PersonName,
  password: NewPassword,
  language: LanguageCode.optional(),
});

export const PasswordResetRequest = z.object({ email: z.string().min(3).max(320) });
export const PasswordReset = z.object({ token: OneTimeToken, password: NewPassword });
export const PasswordChange = z.object({
  currentPassword: z
    .string()
    .min(1)
    .max(1_000)
    .optional()
    .describe("Left out only in the first ten minutes of a session that a break-glass code opened."),
  newPassword: NewPassword,
});
export const NewEmail = z.object({ email: z.email().max(320) });
export const WaitingEmail = z.object({ email: z.string(), expiresAt: Timestamp.describe("The link in the mail is good until then.") });
export const EmailNow = z.object({ email: z.string().describe("The account's address from now on.") });
export const ProfileChange = z.object({ name: PersonName.optional(), language: LanguageCode.optional() });

/** A sign-in that has not ended. */
export const Session = z.object({
  sessionId: Id,
  accountId: Id,
  isCurrent: z.boolean().describe("The session that asks."),
  address: z.string().describe("Of the sign-in."),
  userAgent: z.string().describe("Of the sign-in."),
  uses: z
    .array(z.object({ address: z.string(), userAgent: z.string(), lastUsedAt: Timestamp }))
    .describe("From where it was used, newest first: one for each network, the last five."),
  createdAt: Timestamp,
  lastUsedAt: Timestamp,
  expiresAt: Timestamp.describe("It ends then at the latest; unused earlier."),
});
export type Session = z.infer<typeof Session>;

/**
 * Paths of the console to which mails lead. The one-time token stands in the fragment (`/invitation#token=…`), which
 * browsers send to nobody.
 */
export const consolePaths = {
  invitation: "/invitation",
  passwordReset: "/password-reset",
  emailChange: "/email-change",
  emailObjection: "/email-objection",
} as const;
