/** The mail that tells somebody what happened to their account, so that nobody is taken over unnoticed. Pure. */
import type { Format, Language } from "@hauswart/protocol/format.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Browser } from "@hauswart/protocol/user-agent.ts";
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
  | {
      readonly kind: "account-made";
      readonly issuer: string;
      readonly accountId: Id;
      readonly name: string;
      readonly email: string;
      readonly address: string;
    }
  | { readonly kind: "session-stolen"; readonly signedIn: Browser; readonly used: Browser; readonly address: string }
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
  /** Page of the console where something can be done about it; its first page unless given. */
  readonly path?: string;
}

const adviceDe =
  "Waren Sie das, ist nichts zu tun. Waren Sie es nicht, ändern Sie sofort Ihr Kennwort, beenden Sie Ihre Sitzungen und sagen Sie einem Inhaber Bescheid.";
const adviceEn =
  "If this was you, there is nothing to do. If it was not, change your password at once, end your sessions and tell an owner.";
const factorDe = { totp: "die Authenticator-App", passkey: "ein Passkey" } as const;
const factorEn = { totp: "the authenticator app", passkey: "a passkey" } as const;
const browserDe = ({ browser, system }: Browser) =>
  [browser ?? "einem unbekannten Programm", ...(system ? [`auf ${system}`] : [])].join(" ");
const browserEn = ({ browser, system }: Browser) => [browser ?? "an unknown program", ...(system ? [`on ${system}`] : [])].join(" ");
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
    case "account-made":
      return {
        title: `Neues Konto über ${notice.issuer}: ${notice.email}`,
        what: `Am ${at} hat sich ${notice.name} (${notice.email}) von ${notice.address} aus zum ersten Mal über den Anmeldedienst ${notice.issuer} angemeldet und ein Konto bekommen. Es darf nur lesen und sieht noch keinen Kunden.`,
        advice:
          "Gehört die Person zu Ihnen, geben Sie dem Konto seine Kunden und, wenn nötig, eine andere Rolle. Wenn nicht, löschen Sie es und prüfen Sie, wen der Anmeldedienst einlässt.",
        path: `/users?user=${notice.accountId}`,
      };
    case "session-stolen":
      return {
        title: "Eine Ihrer Sitzungen wurde beendet",
        what: `Angemeldet hatten Sie sich mit ${browserDe(notice.signedIn)}. Am ${at} kam dieselbe Sitzung von ${notice.address} aus mit ${browserDe(notice.used)}. Hauswart hat sie deshalb beendet; melden Sie sich einfach neu an.`,
        advice:
          "Haben Sie selbst umgestellt, als was Ihr Browser sich ausgibt, ist sonst nichts zu tun. Wenn nicht, hat vermutlich jemand die Sitzung von Ihrem Computer kopiert: Lassen Sie ihn auf Schadsoftware prüfen, ändern Sie Ihr Kennwort und sagen Sie einem Inhaber Bescheid.",
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
    case "account-made":
      return {
        title: `New account by ${notice.issuer}: ${notice.email}`,
        what: `On ${at} ${notice.name} (${notice.email}) signed in for the first time by the identity provider ${notice.issuer}, from ${notice.address}, and was given an account. It may read only and sees no customer yet.`,
        advice:
          "If this person is one of yours, give the account its customers and, if need be, another role. If not, remove it and look at whom the identity provider lets in.",
        path: `/users?user=${notice.accountId}`,
      };
    case "session-stolen":
      return {
        title: "One of your sessions was ended",
        what: `You had signed in with ${browserEn(notice.signedIn)}. On ${at} the same session came from ${notice.address} with ${browserEn(notice.used)}. Hauswart has ended it for that reason; just sign in again.`,
        advice:
          "If you changed what your browser says it is, there is nothing else to do. If you did not, somebody has probably copied the session from your computer: have it checked for malware, change your password and tell an owner.",
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
  const link = `${consoleUrl}${words.path ?? "/"}`;
  const subject = oneLine(`${words.title} (${providerName})`, 250);
  const text = [oneLine(words.title), wrap(oneLine(words.what)), wrap(words.advice), `${button}:\n${link}`, `-- \n${automatic}`].join(
    "\n\n",
  );
  const html = mailPage({
    language,
    subject,
    preview: words.what,
    rows: [cardRow([titleLine(words.title), paragraph("", words.what), paragraph("", words.advice), buttonTo(link, button)])],
    foot: [automatic],
  });
  return { subject, text, html };
}
