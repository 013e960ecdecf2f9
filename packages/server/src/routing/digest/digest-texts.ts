/** What a digest says before its findings. */
import type { Language } from "@hauswart/protocol/format.ts";
import { formatIn } from "../../format-in.ts";
import type { MailLead } from "../../mail/render/mail-model.ts";

export interface DigestWords {
  readonly provider: string;
  /** Unix milliseconds. */
  readonly sinceMs: number;
  readonly timeZone: string;
  /** Findings that nobody was told of meanwhile because of maintenance, and where they are listed. */
  readonly heldByMaintenance: number;
  readonly heldLink: string;
  /** Ends the digests; undefined in messages that must not carry it. */
  readonly link: string | undefined;
}

/** The lead of a digest, and why its reader got it. */
export function digestWords(
  language: Language,
  { provider, sinceMs, timeZone, link, heldByMaintenance: held, heldLink }: DigestWords,
): { lead: MailLead; reason: string } {
  const since = formatIn(language, timeZone).dateTime(sinceMs);
  if (language === "de")
    return {
      lead: {
        subject: "Nach der Ruhezeit",
        title: "Während Ihrer Ruhezeit",
        text: [
          `Das ist seit ${since} aufgetreten und wurde bis jetzt zurückgehalten. Es wird so gezeigt, wie es jetzt steht.`,
          ...(held > 0
            ? [
                held === 1
                  ? "Ein weiterer Befund ist durch Wartung zurückgehalten."
                  : `${held} weitere Befunde sind durch Wartung zurückgehalten.`,
              ]
            : []),
        ].join(" "),
        button: held > 0 ? { label: "Durch Wartung Zurückgehaltenes ansehen", link: heldLink } : undefined,
      },
      reason: [
        `Diese Adresse ist bei ${provider} mit Ruhezeit eingetragen.`,
        ...(link ? [`Zusammenfassungen abbestellen: ${link}`] : []),
      ].join(" "),
    };
  return {
    lead: {
      subject: "After quiet hours",
      title: "During your quiet hours",
      text: [
        `This has come up since ${since} and was held back until now. It is shown as it stands now.`,
        ...(held > 0
          ? [held === 1 ? "One more finding is held back by maintenance." : `${held} more findings are held back by maintenance.`]
          : []),
      ].join(" "),
      button: held > 0 ? { label: "See what maintenance holds back", link: heldLink } : undefined,
    },
    reason: [`${provider} has this address on record with quiet hours.`, ...(link ? [`Unsubscribe from digests: ${link}`] : [])].join(" "),
  };
}
