/** The mail that tells somebody what happened to their account, so that nobody is taken over unnoticed. Pure. */
import type { Format, Language } from "@hauswart/protocol/format.ts";
import { oneLine } from "./finding-words.ts";
import { buttonTo, cardRow, mailPage, paragraph, titleLine } from "./mail-page.ts";
import type { RenderedMail } from "./render-mail.ts";
import { wrap } from "./text-part.ts";

/** What happened. `address` is the network address from which it was done. */
export type SecurityNotice =
  | { readonly kind: "recovery-code-used"; readonly left: number; readonly address: string }
  | { readonly kind: "factor-added" | "factor-removed"; readonly factor: "totp" | "passkey"; readonly address: string }
  | { readonly kind: "factors-taken"; readonly by: string }
  | { readonly kind: "recovery-codes-made"; readonly address: string }
  | { readonly kind: "issuer-linked"; readonly issuer: string; readonly address: string }
  | { readonly kind: "break-glass-made"; readonly owner: string }
  | { readonly kind: "break-glass-used"; readonly owner: string; readonly address: string };

export interface SecurityNoticeAbout {
  readonly language: Language;
  readonly format: Format;
  readonly nowMs: number;
  readonly providerName: string;
  /** Address of the console, no slash at the end. */
  readonly consoleUrl: string;
  readonly notice: SecurityNotice;
}

interface Words {
  readonly title: string;
  readonly what: string;
  readonly advice: string;
}

const adviceDe =
  "Waren Sie das, ist nichts zu tun. Waren Sie es nicht, ändern Sie sofort Ihr Kennwort, beenden Sie Ihre Sitzungen und sagen Sie einem Inhaber Bescheid.";
const adviceEn =
  "If this was you, there is nothing to do. If it was not, change your password at once, end your sessions and tell an owner.";
const factorDe = { totp: "die Authenticator-App", passkey: "ein Passkey" } as const;
const factorEn = { totp: "the authenticator app", passkey: "a passkey" } as const;
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function german(notice: SecurityNotice, at: string): Words {
  switch (notice.kind) {
    case "recovery-code-used":
      return {
        title: "Ein Wiederherstellungscode wurde benutzt",
        what: `Am ${at} hat sich jemand von ${notice.address} aus mit einem Wiederherstellungscode an Ihrem Konto angemeldet. Übrig: ${notice.left}.`,
        advice: adviceDe,
      };
    case "factor-added":
      return {
        title: "Ihr Konto hat einen neuen zweiten Faktor",
        what: `Am ${at} wurde von ${notice.address} aus ${factorDe[notice.factor]} als zweiter Faktor Ihres Kontos eingerichtet.`,
        advice: adviceDe,
      };
    case "factor-removed":
      return {
        title: "Ein zweiter Faktor Ihres Kontos wurde entfernt",
        what: `Am ${at} wurde von ${notice.address} aus ${factorDe[notice.factor]} aus Ihrem Konto entfernt.`,
        advice: adviceDe,
      };
    case "factors-taken":
      return {
        title: "Ihr Konto hat keinen zweiten Faktor mehr",
        what: `Am ${at} hat ${notice.by} alle zweiten Faktoren Ihres Kontos entfernt und Ihre Sitzungen beendet. Ihr Kennwort gilt weiter.`,
        advice:
          "Haben Sie darum gebeten, melden Sie sich an und richten Sie einen neuen ein. Sonst sagen Sie sofort einem Inhaber Bescheid.",
      };
    case "recovery-codes-made":
      return {
        title: "Ihr Konto hat neue Wiederherstellungscodes",
        what: `Am ${at} wurden von ${notice.address} aus neue Wiederherstellungscodes erzeugt. Die bisherigen gelten nicht mehr.`,
        advice: adviceDe,
      };
    case "issuer-linked":
      return {
        title: "Ihr Konto ist mit einem Anmeldedienst verbunden",
        what: `Am ${at} wurde Ihr Konto von ${notice.address} aus mit dem Anmeldedienst ${notice.issuer} verbunden. Wer sich dort als Sie anmeldet, kommt in Ihr Konto.`,
        advice: adviceDe,
      };
    case "break-glass-made":
      return {
        title: "Ein Notzugang wurde angelegt",
        what: `Am ${at} wurde auf dem Server selbst ein Notzugang für ${notice.owner} angelegt. Er gilt 15 Minuten lang für eine Anmeldung ohne Kennwort.`,
        advice: "Wissen Sie, wer das war und warum, ist nichts zu tun. Sonst hat jemand Zugriff auf den Server, der ihn nicht haben darf.",
      };
    case "break-glass-used":
      return {
        title: "Der Notzugang wurde benutzt",
        what: `Am ${at} hat sich jemand von ${notice.address} aus mit dem Notzugang als ${notice.owner} angemeldet.`,
        advice:
          "Wissen Sie, wer das war und warum, ist nichts zu tun. Sonst beenden Sie die Sitzungen dieses Kontos und prüfen Sie das Protokoll.",
      };
  }
}

function english(notice: SecurityNotice, at: string): Words {
  switch (notice.kind) {
    case "recovery-code-used":
      return {
        title: "A recovery code was used",
        what: `On ${at} somebody at ${notice.address} signed in to your account with a recovery code. Left: ${notice.left}.`,
        advice: adviceEn,
      };
    case "factor-added":
      return {
        title: "Your account has a new second factor",
        what: `${capital(factorEn[notice.factor])} was set up as a second factor of your account on ${at}, from ${notice.address}.`,
        advice: adviceEn,
      };
    case "factor-removed":
      return {
        title: "A second factor of your account was removed",
        what: `${capital(factorEn[notice.factor])} was removed from your account on ${at}, from ${notice.address}.`,
        advice: adviceEn,
      };
    case "factors-taken":
      return {
        title: "Your account has no second factor any more",
        what: `On ${at} ${notice.by} removed all second factors of your account and ended your sessions. Your password still holds.`,
        advice: "If you asked for it, sign in and set up a new one. Otherwise tell an owner at once.",
      };
    case "recovery-codes-made":
      return {
        title: "Your account has new recovery codes",
        what: `New recovery codes were made on ${at}, from ${notice.address}. The ones before have ended.`,
        advice: adviceEn,
      };
    case "issuer-linked":
      return {
        title: "Your account is linked to an identity provider",
        what: `Your account was linked to the identity provider ${notice.issuer} on ${at}, from ${notice.address}. Whoever signs in there as you gets into your account.`,
        advice: adviceEn,
      };
    case "break-glass-made":
      return {
        title: "An emergency sign-in was made",
        what: `On ${at} an emergency sign-in for ${notice.owner} was made on the server itself. For 15 minutes it is good for one sign-in without a password.`,
        advice: "If you know who did it and why, there is nothing to do. Otherwise somebody has access to the server who must not have it.",
      };
    case "break-glass-used":
      return {
        title: "The emergency sign-in was used",
        what: `On ${at} somebody at ${notice.address} signed in as ${notice.owner} with the emergency sign-in.`,
        advice: "If you know who did it and why, there is nothing to do. Otherwise end this account's sessions and look at the audit log.",
      };
  }
}

const frame: Readonly<Record<Language, { readonly button: string; readonly automatic: string }>> = {
  de: { button: "Hauswart öffnen", automatic: "Automatisch gesendet von Hauswart." },
  en: { button: "Open Hauswart", automatic: "Sent automatically by Hauswart." },
};

/** Writes the notice, in both parts. */
export function renderSecurityNotice(about: SecurityNoticeAbout): RenderedMail {
  const { language, format, nowMs, providerName, consoleUrl, notice } = about;
  const words = (language === "de" ? german : english)(notice, format.dateTime(nowMs));
  const { button, automatic } = frame[language];
  const subject = oneLine(`${words.title} (${providerName})`, 250);
  const text = [words.title, wrap(oneLine(words.what)), wrap(words.advice), `${button}:\n${consoleUrl}/`, `-- \n${automatic}`].join("\n\n");
  const html = mailPage({
    language,
    subject,
    preview: words.what,
    rows: [cardRow([titleLine(words.title), paragraph("", words.what), paragraph("", words.advice), buttonTo(`${consoleUrl}/`, button)])],
    foot: [automatic],
  });
  return { subject, text, html };
}
