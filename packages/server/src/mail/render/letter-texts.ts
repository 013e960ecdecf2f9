/** The words of mails about people's own access. */
import type { Language } from "@hauswart/protocol/format.ts";
import type { Role } from "@hauswart/protocol/roles.ts";

/** Something to be told to one person. Names are as they stand in the database. */
export type Letter =
  | { readonly kind: "invitation"; readonly invitedBy: string; readonly role: Role; readonly expiresAtMs: number }
  | { readonly kind: "password-reset"; readonly email: string; readonly fromAddress: string; readonly expiresAtMs: number }
  | { readonly kind: "password-changed"; readonly email: string; readonly fromAddress: string; readonly atMs: number };

export interface LetterWords {
  readonly subject: string;
  readonly title: string;
  readonly paragraphs: readonly string[];
  /** On the button. */
  readonly action: string;
  /** Why this address got the mail. */
  readonly reason: string;
}

export interface Speaking {
  readonly provider: string;
  readonly time: (atMs: number) => string;
}

const roleWords: Readonly<Record<Language, Readonly<Record<Role, string>>>> = {
  de: { owner: "Inhaber", administrator: "Administrator", technician: "Techniker", "read-only": "Nur lesen" },
  en: { owner: "Owner", administrator: "Administrator", technician: "Technician", "read-only": "Read only" },
};

type Words = { readonly [Kind in Letter["kind"]]: (letter: Extract<Letter, { kind: Kind }>, speaking: Speaking) => LetterWords };

const german: Words = {
  invitation: ({ invitedBy, role, expiresAtMs }, { provider, time }) => ({
    subject: `Einladung zu Hauswart: ${provider}`,
    title: "Sie sind zu Hauswart eingeladen",
    paragraphs: [
      `${invitedBy} lädt Sie zu Hauswart ein, der Überwachung der Computer bei ${provider}. Ihre Rolle: ${roleWords.de[role]}.`,
      `Über den Link wählen Sie Ihr Kennwort. Er gilt bis ${time(expiresAtMs)} und nur einmal. Geben Sie ihn nicht weiter: Wer ihn öffnet, bekommt den Zugang.`,
      "Haben Sie keine Einladung erwartet, ist nichts zu tun. Ohne den Link entsteht kein Konto.",
    ],
    action: "Einladung annehmen",
    reason: `Diese Adresse wurde bei ${provider} zu Hauswart eingeladen.`,
  }),
  "password-reset": ({ email, fromAddress, expiresAtMs }, { provider, time }) => ({
    subject: `Neues Kennwort für Hauswart: ${provider}`,
    title: "Neues Kennwort wählen",
    paragraphs: [
      `Für das Konto ${email} wurde ein neues Kennwort angefordert (von der Netzadresse ${fromAddress}).`,
      `Über den Link wählen Sie es. Er gilt bis ${time(expiresAtMs)} und nur einmal. Danach sind alle Anmeldungen dieses Kontos beendet.`,
      "Haben Sie das nicht angefordert, ist nichts zu tun. Ihr bisheriges Kennwort gilt weiter.",
    ],
    action: "Neues Kennwort wählen",
    reason: `Diese Adresse gehört zu einem Konto in Hauswart bei ${provider}.`,
  }),
  "password-changed": ({ email, fromAddress, atMs }, { provider, time }) => ({
    subject: `Ihr Kennwort für Hauswart wurde geändert: ${provider}`,
    title: "Ihr Kennwort wurde geändert",
    paragraphs: [
      `Das Kennwort des Kontos ${email} wurde am ${time(atMs)} geändert (von der Netzadresse ${fromAddress}).`,
      "Waren Sie das, ist nichts zu tun. Waren Sie es nicht, fordern Sie auf der Anmeldeseite sofort ein neues Kennwort an und sagen Sie es einem Administrator.",
    ],
    action: "Hauswart öffnen",
    reason: `Diese Adresse gehört zu einem Konto in Hauswart bei ${provider}.`,
  }),
};

const english: Words = {
  invitation: ({ invitedBy, role, expiresAtMs }, { provider, time }) => ({
    subject: `Invitation to Hauswart: ${provider}`,
    title: "You are invited to Hauswart",
    paragraphs: [
      `${invitedBy} invites you to Hauswart, which watches the computers at ${provider}. Your role: ${roleWords.en[role]}.`,
      `Follow the link to choose your password. It is good until ${time(expiresAtMs)}, and once only. Do not pass it on: whoever opens it gets the access.`,
      "If you did not expect an invitation, there is nothing to do. Without the link no account is made.",
    ],
    action: "Accept invitation",
    reason: `This address was invited to Hauswart at ${provider}.`,
  }),
  "password-reset": ({ email, fromAddress, expiresAtMs }, { provider, time }) => ({
    subject: `New password for Hauswart: ${provider}`,
    title: "Choose a new password",
    paragraphs: [
      `A new password was asked for, for the account ${email} (from the network address ${fromAddress}).`,
      `Follow the link to choose it. It is good until ${time(expiresAtMs)}, and once only. Afterwards all sessions of this account are over.`,
      "If you did not ask for it, there is nothing to do. Your present password stays.",
    ],
    action: "Choose a new password",
    reason: `This address belongs to an account in Hauswart at ${provider}.`,
  }),
  "password-changed": ({ email, fromAddress, atMs }, { provider, time }) => ({
    subject: `Your password for Hauswart was changed: ${provider}`,
    title: "Your password was changed",
    paragraphs: [
      `The password of the account ${email} was changed on ${time(atMs)} (from the network address ${fromAddress}).`,
      "If that was you, there is nothing to do. If it was not, ask for a new password on the sign-in page at once and tell an administrator.",
    ],
    action: "Open Hauswart",
    reason: `This address belongs to an account in Hauswart at ${provider}.`,
  }),
};

/** What a letter says. */
export function letterWords(language: Language, letter: Letter, speaking: Speaking): LetterWords {
  const words = language === "de" ? german : english;
  const say = words[letter.kind] as (letter: Letter, speaking: Speaking) => LetterWords;
  return say(letter, speaking);
}
