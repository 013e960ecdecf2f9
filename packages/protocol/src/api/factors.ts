/** What the API shows of second factors, of fresh proofs and of signing in at an identity provider. */
import { z } from "zod";
import { Id } from "../ids.ts";
import { Timestamp } from "./models.ts";

const Base64Url = z
  .string()
  .max(100_000)
  .regex(/^[A-Za-z0-9_-]*$/, "must be base64url");
const Label = z.string().trim().min(1).max(100);

/** What can answer for a person besides the password. */
export const Factor = z.enum(["totp", "passkey", "recovery-code"]);
export type Factor = z.infer<typeof Factor>;

/** Six digits, as an authenticator app shows them; a space between is taken too. */
export const TotpCode = z.string().regex(/^ *\d{3} ?\d{3} *$/, "must be six digits");
/** As printed: five groups of four letters and digits. Case, spaces and hyphens do not matter. */
export const RecoveryCode = z.string().min(20).max(60);

/** What the browser's `navigator.credentials.get()` answers with, as its `toJSON()` writes it. */
export const PasskeyAnswer = z.object({
  id: Base64Url.min(1),
  rawId: Base64Url.min(1),
  type: z.literal("public-key"),
  authenticatorAttachment: z.enum(["platform", "cross-platform"]).nullish(),
  clientExtensionResults: z.record(z.string(), z.unknown()).optional(),
  response: z.object({
    clientDataJSON: Base64Url.min(1),
    authenticatorData: Base64Url.min(1),
    signature: Base64Url.min(1),
    userHandle: Base64Url.nullish(),
  }),
});
export type PasskeyAnswer = z.infer<typeof PasskeyAnswer>;

/** What the browser's `navigator.credentials.create()` answers with, as its `toJSON()` writes it. */
export const PasskeyRegistration = z.object({
  id: Base64Url.min(1),
  rawId: Base64Url.min(1),
  type: z.literal("public-key"),
  authenticatorAttachment: z.enum(["platform", "cross-platform"]).nullish(),
  clientExtensionResults: z.record(z.string(), z.unknown()).optional(),
  response: z.object({
    clientDataJSON: Base64Url.min(1),
    attestationObject: Base64Url.min(1),
    transports: z.array(z.string().max(50)).max(20).optional(),
  }),
});
export type PasskeyRegistration = z.infer<typeof PasskeyRegistration>;

/** Goes unchanged into `PublicKeyCredential.parseRequestOptionsFromJSON()` or `parseCreationOptionsFromJSON()`. */
export const PasskeyOptions = z.record(z.string(), z.unknown());

/** More fields of the problem SECOND_FACTOR_REQUIRED. */
export const SecondFactorChallenge = z.object({
  challenge: z.string().describe("Opaque. Good for one sign-in within five minutes, and for five wrong answers."),
  factors: z.array(Factor).describe("What may answer, the strongest first."),
  passkeyOptions: PasskeyOptions.nullable().describe("For the browser, where a passkey may answer."),
});
export type SecondFactorChallenge = z.infer<typeof SecondFactorChallenge>;

const given = (answer: Record<string, unknown>, names: readonly string[]) => names.filter((name) => answer[name] !== undefined).length;

/** Exactly one of `totp`, `recoveryCode` and `passkey`. */
export const SecondFactorAnswer = z
  .object({
    challenge: z.string().min(1).max(200),
    totp: TotpCode.optional(),
    recoveryCode: RecoveryCode.optional(),
    passkey: PasskeyAnswer.optional(),
  })
  .refine((answer) => given(answer, ["totp", "recoveryCode", "passkey"]) === 1, "Answer with exactly one factor.");

/** Signing in with a passkey alone. */
export const PasskeyChallenge = z.object({ challenge: z.string(), options: PasskeyOptions });
export const PasskeySignIn = z.object({ challenge: z.string().min(1).max(200), passkey: PasskeyAnswer });

/** Exactly one of `password`, `totp` and `passkey` (with its `challenge`). */
export const Proof = z
  .object({
    password: z.string().min(1).max(1_000).optional(),
    totp: TotpCode.optional(),
    passkey: PasskeyAnswer.optional(),
    challenge: z.string().min(1).max(200).optional().describe("From `beginProof`; goes with `passkey`."),
  })
  .refine((proof) => given(proof, ["password", "totp", "passkey"]) === 1, "Prove it in exactly one way.")
  .refine((proof) => (proof.passkey === undefined) === (proof.challenge === undefined), "A passkey comes with its challenge.");
export const ProofWay = z.enum(["password", "totp", "passkey"]);
export const ProofOffer = z.object({
  ways: z.array(ProofWay).describe("How this account can prove itself. Empty: sign in anew."),
  challenge: z.string().nullable().describe("For the answer by passkey; null where there is none."),
  passkeyOptions: PasskeyOptions.nullable(),
});
export const ProofGiven = z.object({ provedUntil: Timestamp.describe("Until then dangerous changes need no further proof.") });

export const Passkey = z.object({
  passkeyId: Id,
  name: Label,
  isSynced: z.boolean().describe("It may be on several devices of its owner."),
  createdAt: Timestamp,
  lastUsedAt: Timestamp.nullable(),
});
export type Passkey = z.infer<typeof Passkey>;
export const NewPasskey = z.object({ name: Label, challenge: z.string().min(1).max(200), passkey: PasskeyRegistration });
export const PasskeyChange = z.object({ name: Label });

/** The factors of who is signed in. */
export const Factors = z.object({
  totp: z.object({ confirmedAt: Timestamp }).nullable(),
  passkeys: z.array(Passkey),
  recoveryCodes: z.object({ left: z.int(), createdAt: Timestamp }).nullable(),
  isRequired: z.boolean().describe("The provider wants a second factor of this account."),
  isMissing: z.boolean().describe("One is required and there is none: this session can set one up and nothing else."),
  setsPasswordUntil: Timestamp.nullable().describe(
    "This session came in by a break-glass code: until then it sets a new password without the current one. null: it does not.",
  ),
  canUsePasskeys: z.boolean().describe("False where the server's address is an IP address, which browsers refuse."),
});
export type Factors = z.infer<typeof Factors>;

/** Both shown once, to be put into an authenticator app; the second factor holds from `confirmTotp` on. */
export const NewTotp = z.object({ secret: z.string().describe("Base32."), uri: z.string().describe("otpauth address, for a QR code.") });
export const TotpConfirmation = z.object({ totp: TotpCode });

/** Codes are shown once. With the first factor come ten; null where there are some already. */
export const FactorAdded = z.object({ recoveryCodes: z.array(z.string()).nullable() });
export const PasskeyAdded = FactorAdded.extend({ passkey: Passkey });
export const RecoveryCodes = z.object({ recoveryCodes: z.array(z.string()) });

/** What the page for signing in can offer. */
export const SignInWays = z.object({
  issuers: z.array(z.object({ oidcIssuerId: Id, name: Label })),
  passkeys: z.boolean(),
});
export const OidcSignIn = z.object({ oidcIssuerId: Id });
/** The page keeps `challenge` to itself (sessionStorage) and goes to `url`. */
export const OidcSignInBegun = z.object({ challenge: z.string(), url: z.string() });
/** What the identity provider sent back to `/sign-in/oidc`. */
export const OidcAnswer = z.object({
  challenge: z.string().min(1).max(200),
  query: z.string().max(8_000).describe("The whole query of that address, without the question mark."),
});

/** An identity provider at which this provider's people sign in (OpenID Connect). */
export const OidcIssuer = z.object({
  oidcIssuerId: Id,
  name: Label,
  issuer: z.url({ protocol: /^https?$/ }).max(500),
  clientId: z.string().trim().min(1).max(300),
  active: z.boolean(),
  createsAccounts: z
    .boolean()
    .describe("Who is not known yet gets an account that may read only and reaches no customer; the owners are told."),
  countsAsSecondFactor: z.boolean().describe("The identity provider asks for a second factor itself, so Hauswart does not."),
  trustsEmails: z
    .boolean()
    .describe(
      "Its e-mail addresses count as verified where it does not say. Only for a directory whose addresses the house alone gives out.",
    ),
  redirectUri: z.string().describe("To be registered at the identity provider."),
  createdAt: Timestamp,
});
export type OidcIssuer = z.infer<typeof OidcIssuer>;
export const NewOidcIssuer = z.object({
  name: Label,
  issuer: OidcIssuer.shape.issuer,
  clientId: OidcIssuer.shape.clientId,
  clientSecret: z.string().min(1).max(2_000).describe("Kept sealed and never shown again."),
  active: z.boolean().default(true),
  createsAccounts: z.boolean().default(false),
  countsAsSecondFactor: z.boolean().default(false),
  trustsEmails: z.boolean().default(false),
});
export const OidcIssuerChange = z.object({
  name: Label.optional(),
  clientId: OidcIssuer.shape.clientId.optional(),
  clientSecret: z.string().min(1).max(2_000).optional(),
  active: z.boolean().optional(),
  createsAccounts: z.boolean().optional(),
  countsAsSecondFactor: z.boolean().optional(),
  trustsEmails: z.boolean().optional(),
});

/** The code that `npm run break-glass` prints on the server's own computer. */
export const BreakGlassSignIn = z.object({ email: z.string().min(3).max(320), code: z.string().min(20).max(60) });
