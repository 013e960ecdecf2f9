/** Findings about a site as such, raised by the server. In the database their check id is `site`, their instance the site's id. */
import type { Evidence, FindingDefinition } from "./check.ts";
import type { Language } from "./format.ts";
import type { FindingMessages } from "./messages.ts";

/** Check id under which these findings stand. */
export const siteCheckId = "site";

export const siteFindings = {
  offline: { description: "Most devices of the site lost their connection at once, without a goodbye.", raises: ["failure"] },
} as const satisfies Record<string, FindingDefinition>;

export type SiteFindingCode = keyof typeof siteFindings;

const number = (value: unknown) => (typeof value === "number" ? value : 0);
/** Its address, as a technician asks for it; nothing where no agent has told it. */
const gateway = ({ gateway: address }: Evidence) => (typeof address === "string" && address !== "" ? ` (${address})` : "");

export const siteFindingMessages: Readonly<Record<Language, Readonly<Record<SiteFindingCode, FindingMessages>>>> = {
  de: {
    offline: {
      title: ({ evidence, format }) => `Standort ohne Verbindung (${format.number(number(evidence["lost"]))} Geräte)`,
      meaning: () =>
        "Die Geräte haben ihre Verbindung zur selben Zeit verloren, ohne sich abzumelden: Vermutlich ist der Internetanschluss oder der Strom des Standorts ausgefallen. Solange werden sie nicht überwacht. Über die einzelnen Geräte wird nicht noch einmal benachrichtigt.",
      advice: ({ evidence }) => `Prüfen Sie Router${gateway(evidence)} und Internetanschluss, und fragen Sie am Standort, ob Strom da ist.`,
    },
  },
  en: {
    offline: {
      title: ({ evidence, format }) => `Site without connection (${format.number(number(evidence["lost"]))} devices)`,
      meaning: () =>
        "The devices lost their connection at the same time and without a goodbye: the site's internet line or its power has probably failed. They are not watched meanwhile. The single devices are not alarmed again.",
      advice: ({ evidence }) => `Check router${gateway(evidence)} and internet line, and ask at the site whether there is power.`,
    },
  },
};
