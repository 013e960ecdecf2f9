/** What a message to somebody on call says before the findings. */
import type { Language } from "@hauswart/protocol/format.ts";
import type { MailLead } from "../../mail/render/mail-model.ts";

export interface CallWords {
  readonly name: string;
  readonly plan: string;
  /** Counting from 1. */
  readonly step: number;
  /** Minutes until the next is told; undefined when nobody is left. */
  readonly nextMinutes: number | undefined;
  readonly findings: number;
  /** Acknowledges; undefined in messages that must not carry it. */
  readonly link: string | undefined;
}

const next = {
  de: (minutes: number | undefined) =>
    minutes === undefined
      ? "Danach wird niemand mehr benachrichtigt."
      : `Bestätigt niemand, wird in ${minutes} Minuten die nächste Stelle benachrichtigt.`,
  en: (minutes: number | undefined) =>
    minutes === undefined ? "Nobody else is told after you." : `If nobody acknowledges, the next in line is told in ${minutes} minutes.`,
};

/** The lead of a call, and why its reader got it. */
export function callWords(
  language: Language,
  { name, plan, step, nextMinutes, findings, link }: CallWords,
): { lead: MailLead; reason: string } {
  const button = (label: string) => (link === undefined ? undefined : { label, link });
  if (language === "de")
    return {
      lead: {
        subject: "Bereitschaft",
        title: findings === 1 ? "Bitte übernehmen Sie diesen Befund" : `Bitte übernehmen Sie diese ${findings} Befunde`,
        text: `${name}, Sie sind an der Reihe (${plan}, Stufe ${step}). ${next.de(nextMinutes)} Mit der Bestätigung hört die Eskalation auf.`,
        button: button(findings === 1 ? "Befund übernehmen" : "Befunde übernehmen"),
      },
      reason: `Sie bekommen diese Nachricht, weil Sie im Eskalationsplan ${plan} an der Reihe sind. Der Link gilt für Sie und nur einmal; geben Sie ihn nicht weiter.`,
    };
  return {
    lead: {
      subject: "On call",
      title: findings === 1 ? "Please take this finding on" : `Please take these ${findings} findings on`,
      text: `${name}, it is your turn (${plan}, step ${step}). ${next.en(nextMinutes)} Acknowledging ends the escalation.`,
      button: button(findings === 1 ? "Take it on" : "Take them on"),
    },
    reason: `You get this message because it is your turn in the escalation plan ${plan}. The link is for you and works once; do not pass it on.`,
  };
}

/** One line per step in a finding's history. */
export const callNotes: Readonly<
  Record<
    Language,
    { readonly told: (names: string, step: number) => string; readonly nobody: (step: number) => string; readonly ended: string }
  >
> = {
  de: {
    told: (names, step) => `Bereitschaft, Stufe ${step}: ${names} benachrichtigt.`,
    nobody: (step) => `Bereitschaft, Stufe ${step}: Niemand ist eingeteilt.`,
    ended: "Bereitschaft: Alle Stufen sind durchlaufen, niemand hat bestätigt.",
  },
  en: {
    told: (names, step) => `On call, step ${step}: ${names} told.`,
    nobody: (step) => `On call, step ${step}: nobody is on duty.`,
    ended: "On call: all steps are through and nobody has acknowledged.",
  },
};
