/** The words of mails about people's own access. */
import type { Language } from "@hauswart/protocol/format.ts";
import type { Role } from "@hauswart/protocol/roles.ts";

/** Of a change of an account's address: to the new one, or to the old one. */
interface EmailLetter<Kind extends string> {
  readonly kind: Kind;
  readonly oldEmail: string;
  readonly newEmail: string;
  readonly fromAddress: string;
  /** When its link ends. */
  readonly expiresAtMs: number;
}

/** Something to be told to one person. Names are as they stand in the database. */
export type Letter =
  | { readonly kind: "invitation"; readonly invitedBy: string; readonly role: Role; readonly expiresAtMs: number }
  | { readonly kind: "password-reset"; readonly email: string; readonly fromAddress: string; readonly expiresAtMs: number }
  | EmailLetter<"email-change">
  | EmailLetter<"email-change-notice">
  | { readonly kind: "email-change-undone"; readonly email: string; readonly fromAddress: string; readonly atMs: number }
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
  "email-change": ({ oldEmail, newEmail, fromAddress, expiresAtMs }, { provider, time }) => ({
    subject: `Neue E-Mail-Adresse bestätigen: ${provider}`,
    title: "Neue E-Mail-Adresse bestätigen",
    paragraphs: [
      `Das Konto ${oldEmail} in Hauswart soll künftig die Adresse ${newEmail} haben (angefordert von der Netzadresse ${fromAddress}).`,
      `Über den Link bestätigen Sie, dass Sie hier Mails lesen. Er gilt bis ${time(expiresAtMs)} und nur einmal. Bis dahin bleibt die bisherige Adresse. Ihre Anmeldungen bleiben offen, und Ihr Kennwort ändert sich nicht.`,
      "Haben Sie das nicht angefordert, ist nichts zu tun. Ohne den Link ändert sich nichts.",
    ],
    action: "Adresse bestätigen",
    reason: `Diese Adresse wurde bei ${provider} als neue Adresse eines Kontos in Hauswart genannt.`,
  }),
  "email-change-notice": ({ oldEmail, newEmail, fromAddress, expiresAtMs }, { provider, time }) => ({
    subject: `Ihre E-Mail-Adresse in Hauswart soll sich ändern: ${provider}`,
    title: "Ihre E-Mail-Adresse soll sich ändern",
    paragraphs: [
      `Das Konto ${oldEmail} soll künftig die Adresse ${newEmail} haben (angefordert von der Netzadresse ${fromAddress}). Die Änderung gilt, sobald die neue Adresse bestätigt ist; danach gehen Mails zu Ihrem Konto dorthin.`,
      "Waren Sie das, ist nichts zu tun.",
      `Waren Sie es nicht, widersprechen Sie über den Link. Er gilt bis ${time(expiresAtMs)}, auch wenn die neue Adresse schon bestätigt ist: Ihr Konto hat dann wieder diese Adresse, und alle Anmeldungen sind beendet.`,
    ],
    action: "Widersprechen",
    reason: `Diese Adresse gehört zu einem Konto in Hauswart bei ${provider}.`,
  }),
  "email-change-undone": ({ email, fromAddress, atMs }, { provider, time }) => ({
    subject: `Ihre E-Mail-Adresse in Hauswart bleibt: ${provider}`,
    title: "Ihre E-Mail-Adresse bleibt",
    paragraphs: [
      `Der Änderung wurde am ${time(atMs)} widersprochen (von der Netzadresse ${fromAddress}). Das Konto ${email} hat diese Adresse, und alle seine Anmeldungen sind beendet.`,
      "Wer die Änderung angefordert hat, war als Sie angemeldet und hat sich ausgewiesen. Fordern Sie jetzt auf der Anmeldeseite ein neues Kennwort an, sehen Sie danach Ihre zweiten Faktoren und die API-Schlüssel durch, und sagen Sie es einem Administrator.",
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
  "email-change": ({ oldEmail, newEmail, fromAddress, expiresAtMs }, { provider, time }) => ({
    subject: `Confirm your new e-mail address: ${provider}`,
    title: "Confirm your new e-mail address",
    paragraphs: [
      `The account ${oldEmail} in Hauswart is to have the address ${newEmail} from now on (asked for from the network address ${fromAddress}).`,
      `Follow the link to confirm that you read mail here. It is good until ${time(expiresAtMs)}, and once only. Until then the present address stays. Your sessions stay open, and your password does not change.`,
      "If you did not ask for it, there is nothing to do. Without the link nothing changes.",
    ],
    action: "Confirm the address",
    reason: `This address was named at ${provider} as the new one of an account in Hauswart.`,
  }),
  "email-change-notice": ({ oldEmail, newEmail, fromAddress, expiresAtMs }, { provider, time }) => ({
    subject: `Your e-mail address in Hauswart is to change: ${provider}`,
    title: "Your e-mail address is to change",
    paragraphs: [
      `The account ${oldEmail} is to have the address ${newEmail} from now on (asked for from the network address ${fromAddress}). The change holds once the new address is confirmed; then mails about your account go there.`,
      "If that was you, there is nothing to do.",
      `If it was not, object by the link. It is good until ${time(expiresAtMs)}, even if the new address is confirmed by then: your account has this address again, and all its sessions are over.`,
    ],
    action: "Object",
    reason: `This address belongs to an account in Hauswart at ${provider}.`,
  }),
  "email-change-undone": ({ email, fromAddress, atMs }, { provider, time }) => ({
    subject: `Your e-mail address in Hauswart stays: ${provider}`,
    title: "Your e-mail address stays",
    paragraphs: [
      `The change was objected to on ${time(atMs)} (from the network address ${fromAddress}). The account ${email} has this address, and all its sessions are over.`,
      "Whoever asked for the change was signed in as you and gave a proof. Ask for a new password on the sign-in page now, look through your second factors and the API keys afterwards, and tell an administrator.",
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
