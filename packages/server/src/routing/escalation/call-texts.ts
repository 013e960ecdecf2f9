/** What a message to somebody on call says before the findings. */
import type { Language } from "@hauswart/protocol/format.ts";
import type { MailLead } from "../../mail/render/mail-model.ts";
import type { HeldBy } from "./due.ts";

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

export interface AllClearWords {
  readonly name: string;
  /** Who has taken on what is still open. */
  readonly takers: readonly string[];
  readonly isAnyOver: boolean;
}

/** The lead of an all-clear, and why its reader got it. */
export function allClearWords(language: Language, { name, takers, isAnyOver }: AllClearWords): { lead: MailLead; reason: string } {
  const who = takers.join(", ");
  if (language === "de") {
    const taken = who === "" ? "" : isAnyOver ? ` Um den Rest kümmert sich ${who}.` : "";
    return {
      lead: {
        subject: isAnyOver ? "Entwarnung" : "Übernommen",
        title: isAnyOver ? "Es ist vorüber" : `${who} kümmert sich darum`,
        text: `${name}, Sie brauchen nichts mehr zu tun.${taken}`,
      },
      reason: "Sie bekommen diese Nachricht, weil Sie deswegen in der Bereitschaft benachrichtigt wurden.",
    };
  }
  const taken = who === "" ? "" : isAnyOver ? ` ${who} sees to the rest.` : "";
  return {
    lead: {
      subject: isAnyOver ? "All clear" : "Taken on",
      title: isAnyOver ? "It is over" : `${who} sees to it`,
      text: `${name}, there is nothing left for you to do.${taken}`,
    },
    reason: "You get this message because you were called about this while on call.",
  };
}

/** One line per step in a finding's history. */
export const callNotes: Readonly<
  Record<
    Language,
    {
      readonly told: (names: string, step: number) => string;
      readonly passedOver: (names: string, step: number) => string;
      readonly nobody: (step: number) => string;
      /** @param when day and time from which people are called */
      readonly waits: (when: string) => string;
      readonly ended: string;
      /** By what: why nobody is called for now. */
      readonly held: Readonly<Record<HeldBy, string>>;
      readonly allClear: (name: string) => string;
    }
  >
> = {
  de: {
    told: (names, step) => `Bereitschaft, Stufe ${step}: ${names} benachrichtigt.`,
    passedOver: (names, step) => `Bereitschaft, Stufe ${step}: ${names} übergangen, weil die Rechte für diesen Kunden fehlen.`,
    nobody: (step) => `Bereitschaft, Stufe ${step}: Niemand ist eingeteilt.`,
    waits: (when) => `Bereitschaft: Jetzt ist niemand im Dienst. Gerufen wird ab ${when}.`,
    ended: "Bereitschaft: Alle Stufen sind durchlaufen, niemand hat bestätigt.",
    held: {
      maintenance: "Bereitschaft: Während der Wartung wird niemand gerufen.",
      cause: "Bereitschaft: Eine andere Störung erklärt diese. Solange sie besteht, wird hierfür niemand gerufen.",
    },
    allClear: (name) => `Bereitschaft: Entwarnung an ${name}.`,
  },
  en: {
    told: (names, step) => `On call, step ${step}: ${names} told.`,
    passedOver: (names, step) => `On call, step ${step}: ${names} passed over, because they lack the rights for this customer.`,
    nobody: (step) => `On call, step ${step}: nobody is on duty.`,
    waits: (when) => `On call: nobody is on duty now. People are called from ${when}.`,
    ended: "On call: all steps are through and nobody has acknowledged.",
    held: {
      maintenance: "On call: nobody is called while maintenance runs.",
      cause: "On call: another fault explains this one. While it lasts, nobody is called for this.",
    },
    allClear: (name) => `On call: all-clear to ${name}.`,
  },
};
