import { evidenceText, type EvidenceText } from "@hauswart/protocol/evidence.ts";
import type { CheckMessageCatalogue, FindingText } from "@hauswart/protocol/messages.ts";
import type { patchStatus } from "./protocol.ts";

type Words = Readonly<Record<string, string>>;

const daySeconds = 86_400;
const wordFor = (words: Words, key: unknown) => (typeof key === "string" && Object.hasOwn(words, key) ? words[key]! : "–");

const germanReasons: Words = {
  "never-fetched": "die Listen der Aktualisierungen wurden noch nie geholt",
  "lists-old": "die Listen der Aktualisierungen sind zu alt",
  incomplete: "die Listen der Aktualisierungen sind unvollständig",
  "source-expired": "die Liste einer Quelle ist abgelaufen",
  "age-unknown": "das Alter der Listen ist nicht bekannt",
  "no-security-source": "es ist keine Quelle für Sicherheitsaktualisierungen eingerichtet",
  unclassified: "das System sagt nicht, welche Aktualisierungen Sicherheitslücken schließen",
  "not-in-table": "das Ende der Unterstützung dieser Version ist nicht bekannt",
};
const englishReasons: Words = {
  "never-fetched": "the lists of updates were never fetched",
  "lists-old": "the lists of updates are too old",
  incomplete: "the lists of updates have gaps",
  "source-expired": "the list of a source has expired",
  "age-unknown": "the age of the lists is not known",
  "no-security-source": "no source of security updates is set up",
  unclassified: "the system does not say which updates close security holes",
  "not-in-table": "the end of support of this version is not known",
};
const germanSources: Words = {
  usable: "erreichbar",
  "never-fetched": "noch nie geholt",
  expired: "Liste abgelaufen",
};
const englishSources: Words = { usable: "usable", "never-fetched": "never fetched", expired: "list has expired" };
const germanAutomatic: Words = {
  on: "Das System installiert Aktualisierungen selbst.",
  "download-only": "Das System lädt Aktualisierungen nur herunter; installieren muss sie jemand.",
  off: "Automatische Aktualisierung ist ausgeschaltet.",
  unknown: "",
};
const englishAutomatic: Words = {
  on: "The system installs updates by itself.",
  "download-only": "The system only downloads updates; somebody has to install them.",
  off: "Automatic updates are switched off.",
  unknown: "",
};

interface SummaryWords {
  readonly reasons: Words;
  readonly sources: Words;
  readonly none: Words;
  readonly missing: (kind: string, count: string, since: string) => string;
  readonly age: (when: string) => string;
  readonly noLists: string;
  readonly supported: (until: string) => string;
  readonly supportOpen: string;
  readonly supportEnded: (since: string) => string;
}

/** Which verdict the evidence belongs to shows in what it holds. */
const summary =
  (words: SummaryWords): FindingText =>
  ({ evidence, format }) => {
    const read = evidenceText(evidence, format);
    if (typeof evidence["sourceState"] === "string") return wordFor(words.sources, evidence["sourceState"]);
    if (typeof evidence["reason"] === "string") return wordFor(words.reasons, evidence["reason"]);
    if (read.value("missingUpdates") !== undefined) {
      const kind = String(evidence["kind"]);
      return read.value("missingUpdates") === 0
        ? wordFor(words.none, kind)
        : words.missing(kind, read.number("missingUpdates"), read.dateTime("oldestSinceAtMs"));
    }
    if (typeof evidence["listsState"] === "string")
      return read.value("listsRefreshedAtMs") === undefined ? words.noLists : words.age(read.dateTime("listsRefreshedAtMs"));
    if (read.is("supportIsOpen", true)) return words.supportOpen;
    return read.is("hasEnded", true)
      ? words.supportEnded(read.dateTime("supportEndsAtMs"))
      : words.supported(read.dateTime("supportEndsAtMs"));
  };

const days = (read: EvidenceText, write: (seconds: number) => string) => write((read.value("oldestDays") ?? 0) * daySeconds);

export const messages: CheckMessageCatalogue<typeof patchStatus> = {
  de: {
    name: "Aktualisierungen",
    description: "Welche Aktualisierungen fehlen, wie alt dieses Wissen ist und ob das System überhaupt noch welche bekommt.",
    summary: summary({
      reasons: germanReasons,
      sources: germanSources,
      none: { security: "keine Sicherheitsaktualisierung fehlt", other: "keine weitere Aktualisierung fehlt" },
      missing: (kind, count, since) =>
        `${count} ${kind === "security" ? "Sicherheitsaktualisierungen" : "weitere Aktualisierungen"} fehlen, die älteste seit ${since}`,
      age: (when) => `Listen vom ${when}`,
      noLists: "Alter der Listen unbekannt",
      supported: (until) => `unterstützt bis ${until}`,
      supportOpen: "unterstützt, Ende nicht angekündigt",
      supportEnded: (since) => `nicht mehr unterstützt seit ${since}`,
    }),
    findings: {
      "security-missing": {
        title: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `Sicherheitsaktualisierungen fehlen seit ${days(read, format.duration)} (${read.number("missingUpdates")})`;
        },
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          const held = (read.value("held") ?? 0) > 0 ? ` Davon werden ${read.number("held")} zurückgehalten.` : "";
          return `Es fehlen ${read.number("missingUpdates")} Aktualisierungen, die bekannte Sicherheitslücken schließen, darunter: ${read.text("names")}.${held} Solange sie fehlen, lassen sich diese Lücken ausnutzen.`;
        },
        advice: ({ evidence }) =>
          `Installieren Sie die Aktualisierungen, und starten Sie den Computer neu, wenn er es verlangt. ${wordFor(germanAutomatic, evidence["automaticUpdates"])}`.trim(),
      },
      "updates-missing": {
        title: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `Aktualisierungen fehlen seit ${days(read, format.duration)} (${read.number("missingUpdates")})`;
        },
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `Es fehlen ${read.number("missingUpdates")} Aktualisierungen, darunter: ${read.text("names")}. Sie beheben Fehler; je länger sie fehlen, desto größer wird der Sprung.`;
        },
        advice: () => "Installieren Sie die Aktualisierungen, oder nehmen Sie aus, was bewusst auf seinem Stand bleiben soll.",
      },
      "lists-old": {
        title: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return read.value("listsAgeSeconds") === undefined
            ? "Es ist nicht bekannt, welche Aktualisierungen fehlen"
            : `Liste der Aktualisierungen ist ${read.duration("listsAgeSeconds")} alt`;
        },
        meaning: ({ evidence, format }) =>
          `Zuletzt hat der Computer am ${evidenceText(evidence, format).dateTime("listsRefreshedAtMs")} nachgesehen, was es Neues gibt. Was seitdem erschienen ist, kennt er nicht, auch keine Sicherheitsaktualisierungen.`,
        advice: () =>
          "Prüfen Sie, ob der Computer die Quellen erreicht und ob seine regelmäßige Suche eingeschaltet ist. Auf Debian und Ubuntu: apt-get update und der Timer apt-daily.timer.",
      },
      "source-unusable": {
        title: ({ subject, evidence }) => `Quelle ${subject}: ${wordFor(germanSources, evidence["sourceState"])}`,
        meaning: ({ evidence, format }) =>
          `Aus dieser Quelle kommen keine Aktualisierungen mehr (${evidenceText(evidence, format).text("problem")}). Was aus ihr installiert ist, bleibt auf seinem Stand.`,
        advice: () => "Prüfen Sie Netz, Adresse und Schlüssel der Quelle, oder entfernen Sie sie, wenn es sie nicht mehr gibt.",
      },
      "support-ended": {
        title: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return read.is("hasEnded", true)
            ? `${read.text("systemId")} ${read.text("systemVersion")} bekommt keine Aktualisierungen mehr`
            : `${read.text("systemId")} ${read.text("systemVersion")} bekommt nur noch ${read.duration("supportSecondsLeft")} Aktualisierungen`;
        },
        meaning: ({ evidence, format }) =>
          `Der Hersteller unterstützt diese Version bis ${evidenceText(evidence, format).dateTime("supportEndsAtMs")}. Danach bleiben neu gefundene Sicherheitslücken offen. Ein eigener Vertrag über längere Unterstützung ist hier nicht berücksichtigt.`,
        advice: () =>
          "Planen Sie den Umstieg auf eine neuere Version, oder schalten Sie diese Prüfung ab, wenn ein Vertrag die Unterstützung verlängert.",
      },
    },
    settings: {
      exclude: {
        label: "Ausgenommene Aktualisierungen",
        help: "Namen von Paketen oder Titel, * steht für beliebige Zeichen. Sie zählen nicht.",
      },
      securityWarningDays: {
        label: "Warnung bei Sicherheitsaktualisierungen nach (Tagen)",
        help: "Wenn eine länger als diese Zeit fehlt.",
      },
      securityFailureDays: {
        label: "Störung bei Sicherheitsaktualisierungen nach (Tagen)",
        help: "Wenn eine länger als diese Zeit fehlt. 0: nie.",
      },
      otherWarningDays: {
        label: "Warnung bei anderen Aktualisierungen nach (Tagen)",
        help: "Wenn eine länger als diese Zeit fehlt. 0: nie.",
      },
      listsWarningDays: {
        label: "Listen höchstens so alt (Tage)",
        help: "Sind die Listen der Aktualisierungen älter, wird gewarnt, und „nichts fehlt“ gilt nicht mehr.",
      },
      supportWarningDays: {
        label: "Warnung vor dem Ende der Unterstützung (Tage)",
        help: "So lange vorher. 0: erst, wenn sie geendet hat.",
      },
      reportSources: {
        label: "Unbrauchbare Quellen melden",
        help: "Warnung, wenn die Liste einer Quelle abgelaufen oder die Quelle nicht erreichbar ist.",
      },
      heldCounts: { label: "Zurückgehaltene zählen", help: "Auch Aktualisierungen, die jemand bewusst zurückhält, zählen als fehlend." },
    },
    fields: {
      missingCount: "Fehlende Aktualisierungen",
      securityCount: "Fehlende Sicherheitsaktualisierungen",
      unclassifiedCount: "Fehlende ohne Angabe",
      heldCount: "Zurückgehaltene Aktualisierungen",
      listsAgeSeconds: "Alter der Listen",
    },
  },
  en: {
    name: "Updates",
    description: "Which updates are missing, how old that knowledge is, and whether the system still gets any.",
    summary: summary({
      reasons: englishReasons,
      sources: englishSources,
      none: { security: "no security update is missing", other: "no other update is missing" },
      missing: (kind, count, since) =>
        `${count} ${kind === "security" ? "security updates" : "other updates"} missing, the oldest since ${since}`,
      age: (when) => `lists of ${when}`,
      noLists: "age of the lists unknown",
      supported: (until) => `supported until ${until}`,
      supportOpen: "supported, no end announced",
      supportEnded: (since) => `not supported since ${since}`,
    }),
    findings: {
      "security-missing": {
        title: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `Security updates missing for ${days(read, format.duration)} (${read.number("missingUpdates")})`;
        },
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          const held = (read.value("held") ?? 0) > 0 ? ` ${read.number("held")} of them are held back.` : "";
          return `${read.number("missingUpdates")} updates that close known security holes are missing, among them: ${read.text("names")}.${held} Until they are installed, these holes can be used.`;
        },
        advice: ({ evidence }) =>
          `Install the updates, and restart the computer when it asks for it. ${wordFor(englishAutomatic, evidence["automaticUpdates"])}`.trim(),
      },
      "updates-missing": {
        title: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `Updates missing for ${days(read, format.duration)} (${read.number("missingUpdates")})`;
        },
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `${read.number("missingUpdates")} updates are missing, among them: ${read.text("names")}. They mend faults; the longer they are missing, the larger the step.`;
        },
        advice: () => "Install the updates, or exclude what is to stay as it is on purpose.",
      },
      "lists-old": {
        title: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return read.value("listsAgeSeconds") === undefined
            ? "It is not known which updates are missing"
            : `List of updates is ${read.duration("listsAgeSeconds")} old`;
        },
        meaning: ({ evidence, format }) =>
          `The computer last looked for news on ${evidenceText(evidence, format).dateTime("listsRefreshedAtMs")}. It knows of nothing that came out since, security updates included.`,
        advice: () =>
          "Check whether the computer reaches its sources and whether its regular search is switched on. On Debian and Ubuntu: apt-get update and the timer apt-daily.timer.",
      },
      "source-unusable": {
        title: ({ subject, evidence }) => `Source ${subject}: ${wordFor(englishSources, evidence["sourceState"])}`,
        meaning: ({ evidence, format }) =>
          `No more updates come from this source (${evidenceText(evidence, format).text("problem")}). What was installed from it stays as it is.`,
        advice: () => "Check the network, the address and the key of the source, or remove it if it is gone.",
      },
      "support-ended": {
        title: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return read.is("hasEnded", true)
            ? `${read.text("systemId")} ${read.text("systemVersion")} gets no more updates`
            : `${read.text("systemId")} ${read.text("systemVersion")} gets updates for only ${read.duration("supportSecondsLeft")} more`;
        },
        meaning: ({ evidence, format }) =>
          `Its maker supports this version until ${evidenceText(evidence, format).dateTime("supportEndsAtMs")}. After that, newly found security holes stay open. A contract of your own for longer support is not taken into account.`,
        advice: () => "Plan the change to a newer version, or switch this check off if a contract extends the support.",
      },
    },
    settings: {
      exclude: { label: "Excluded updates", help: "Names of packages or titles, * stands for any characters. They do not count." },
      securityWarningDays: { label: "Warning of security updates after (days)", help: "When one has been missing for longer than this." },
      securityFailureDays: {
        label: "Failure of security updates after (days)",
        help: "When one has been missing for longer than this. 0: never.",
      },
      otherWarningDays: {
        label: "Warning of other updates after (days)",
        help: "When one has been missing for longer than this. 0: never.",
      },
      listsWarningDays: {
        label: "Lists at most this old (days)",
        help: "When the lists of updates are older, this is a warning, and “nothing is missing” does not count any more.",
      },
      supportWarningDays: { label: "Warning before the end of support (days)", help: "This long before. 0: only when it has ended." },
      reportSources: {
        label: "Report unusable sources",
        help: "Warning when a source's list has expired or the source cannot be reached.",
      },
      heldCounts: { label: "Count held updates", help: "Updates that somebody holds back on purpose count as missing too." },
    },
    fields: {
      missingCount: "Missing updates",
      securityCount: "Missing security updates",
      unclassifiedCount: "Missing without classification",
      heldCount: "Held updates",
      listsAgeSeconds: "Age of the lists",
    },
  },
};
