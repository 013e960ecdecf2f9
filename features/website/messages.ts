import { addressFamilyTexts } from "@hauswart/protocol/address-family-texts.ts";
import type { Evidence } from "@hauswart/protocol/check.ts";
import { evidenceText } from "@hauswart/protocol/evidence.ts";
import type { Format } from "@hauswart/protocol/format.ts";
import type { CheckMessageCatalogue, FindingText } from "@hauswart/protocol/messages.ts";
import type { website } from "./protocol.ts";

const milliseconds = (evidence: Evidence, format: Format, name: string) =>
  evidenceText(evidence, format).value(name) === undefined ? "–" : `${evidenceText(evidence, format).number(name)} ms`;

interface Words {
  readonly outcomes: Readonly<Record<string, string>>;
  readonly answers: (status: string, time: string) => string;
  readonly valid: (days: string) => string;
  readonly there: string;
  readonly missing: string;
  readonly notRead: string;
}

/** Which verdict the evidence belongs to shows in what it holds. */
const summary =
  ({ outcomes, answers, valid, there, missing, notRead }: Words): FindingText =>
  ({ evidence, format }) => {
    const read = evidenceText(evidence, format);
    const failed = typeof evidence["outcome"] === "string" ? outcomes[evidence["outcome"]] : undefined;
    if (failed !== undefined) return read.text("problem") === "–" ? failed : `${failed} (${read.text("problem")})`;
    if (typeof evidence["found"] === "boolean") return evidence["found"] ? there : read.is("isCut", true) ? notRead : missing;
    if (read.value("leftDays") !== undefined)
      return read.text("certificateProblem") === "–" ? valid(read.number("leftDays")) : read.text("certificateProblem");
    return answers(read.number("status"), milliseconds(evidence, format, "totalMs"));
  };

const german: Readonly<Record<string, string>> = {
  "name-unknown": "Name unbekannt",
  "connect-failed": "keine Verbindung",
  "proxy-failed": "der Proxy lässt nicht durch",
  "tls-failed": "keine sichere Verbindung",
  "broken-answer": "keine verständliche Antwort",
  "too-many-redirects": "zu viele Weiterleitungen",
  "timed-out": "keine Antwort innerhalb der Zeit",
};
const english: Readonly<Record<string, string>> = {
  "name-unknown": "name not known",
  "connect-failed": "no connection",
  "proxy-failed": "the proxy does not let through",
  "tls-failed": "no secure connection",
  "broken-answer": "no answer that can be understood",
  "too-many-redirects": "too many redirects",
  "timed-out": "no answer within the time",
};
const outcomeIn = (words: Readonly<Record<string, string>>, evidence: Evidence) =>
  words[typeof evidence["outcome"] === "string" ? evidence["outcome"] : ""] ?? "–";

export const messages: CheckMessageCatalogue<typeof website> = {
  de: {
    name: "Website",
    description: "Ob eine Website antwortet, mit welchem Status und Text, wie schnell, und wie lange ihr Zertifikat gilt.",
    summary: summary({
      outcomes: german,
      answers: (status, time) => `Status ${status} in ${time}`,
      valid: (days) => `Zertifikat gilt noch ${days} Tage`,
      there: "Text ist da",
      missing: "Text ist nicht da",
      notRead: "Text nicht gefunden, die Seite ist größer als das, was gelesen wird",
    }),
    findings: {
      unreachable: {
        title: ({ evidence, format }) => `Website antwortet nicht: ${evidenceText(evidence, format).text("url")}`,
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `Was geschah: ${outcomeIn(german, evidence)} (${read.text("problem")}), nach ${milliseconds(evidence, format, "totalMs")}. Besucher bekommen wahrscheinlich ebenfalls keine Seite.`;
        },
        advice: () =>
          "Öffnen Sie die Adresse von einem anderen Netz aus. Antwortet sie auch dort nicht, prüfen Sie Webserver, Namenseintrag und Firewall; sonst liegt es am Weg von diesem Computer.",
      },
      status: {
        title: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `Status ${read.number("status")}: ${read.text("url")}`;
        },
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `Die Website antwortet mit Status ${read.number("status")} (zuletzt ${read.text("finalUrl")}); in Ordnung ist ${read.text("acceptedStatus")}. Ab 400 stimmt etwas an der Adresse oder am Zugang nicht, ab 500 im Webserver selbst.`;
        },
        advice: () => "Öffnen Sie die Adresse im Browser und sehen Sie in das Fehlerprotokoll des Webservers.",
      },
      text: {
        title: ({ evidence, format, subject }) => {
          const read = evidenceText(evidence, format);
          return read.is("wanted", "absent")
            ? `Unerwünschter Text „${subject}“ auf ${read.text("finalUrl")}`
            : `Text „${subject}“ fehlt auf ${read.text("finalUrl")}`;
        },
        meaning: ({ evidence, format, subject }) =>
          evidenceText(evidence, format).is("wanted", "absent")
            ? `Auf der Seite steht „${subject}“, was dort nicht stehen soll: meist eine Fehlermeldung oder eine verfälschte Seite.`
            : `Auf der Seite steht „${subject}“ nicht mehr. Oft antwortet der Webserver noch, aber die Anwendung oder ihre Datenbank nicht; oder die Seite wurde geändert.`,
        advice: () =>
          "Öffnen Sie die Seite. Ist sie richtig, passen Sie den Text in der Richtlinie an; sonst prüfen Sie Anwendung und Datenbank.",
      },
      redirect: {
        title: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `${read.text("url")} führt nach ${read.text("finalUrl")}`;
        },
        meaning: ({ evidence, format }) =>
          `Erwartet war ${evidenceText(evidence, format).text("leadsTo")}. Wurde die Weiterleitung nicht mit Absicht geändert, kann die Website umgelenkt worden sein.`,
        advice: () => "Fragen Sie, wer die Weiterleitung geändert hat. War es niemand, behandeln Sie es als Einbruch.",
      },
      certificate: {
        title: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return read.text("certificateProblem") === "–"
            ? `Zertifikat läuft ab in ${read.number("leftDays")} Tagen: ${read.text("certificateSubject")}`
            : `Zertifikat nicht vertrauenswürdig: ${read.text("certificateSubject")}`;
        },
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          const problem = read.text("certificateProblem");
          const said = problem === "–" ? "" : ` Die Prüfung ergab: ${problem}.`;
          return `Das Zertifikat oder eines, auf dem es beruht, gilt bis ${read.dateTime("certificateValidToAtMs")}; ausgestellt von ${read.text("certificateIssuer")}.${said} Browser warnen Besucher oder lassen sie nicht auf die Seite.`;
        },
        advice: () =>
          "Erneuern Sie das Zertifikat oder bringen Sie die automatische Erneuerung in Gang, und sehen Sie nach, ob der Webserver auch die Zwischenzertifikate ausliefert.",
      },
      slow: {
        title: ({ evidence, format }) =>
          `Website langsam (${milliseconds(evidence, format, "totalMs")}): ${evidenceText(evidence, format).text("url")}`,
        meaning: ({ evidence, format }) =>
          `Bis zur ganzen Antwort vergingen ${milliseconds(evidence, format, "totalMs")}, gewünscht sind höchstens ${milliseconds(evidence, format, "slowWarningMs")}. In welchem Abschnitt die Zeit verging, zeigen die Kurven des Checks.`,
        advice: () =>
          "Vergleichen Sie die Abschnitte: Name, Verbindung und TLS sprechen für das Netz, Warten auf das erste Byte für den Webserver.",
      },
      size: {
        title: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `Seite mit ${read.bytes("bodyBytes")} ungewöhnlich groß oder klein: ${read.text("url")}`;
        },
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `Gelesen wurden ${read.bytes("bodyBytes")}, erwartet sind mindestens ${read.bytes("smallestBytes")} und, falls größer als 0, höchstens ${read.bytes("largestBytes")}.`;
        },
        advice: () => "Öffnen Sie die Seite und sehen Sie nach, ob Teile fehlen oder hinzugekommen sind.",
      },
    },
    settings: {
      url: { label: "Adresse", help: "Zum Beispiel https://www.example.com/shop. Leer: der Name dieser Instanz." },
      textPresent: { label: "Text, der da sein muss", help: "Buchstabengenau, einer oder mehrere." },
      textAbsent: { label: "Text, der nicht da sein darf", help: "Buchstabengenau, einer oder mehrere: Fehlermeldungen etwa." },
      followRedirects: { label: "Weiterleitungen folgen", help: "So oft höchstens. 0: die Weiterleitung selbst wird beurteilt." },
      httpVersion: {
        label: "HTTP-Version",
        help: "Womit gefragt wird. Bei 2 ist es ein Fehler, wenn der Server sie nicht anbietet.",
        choices: { automatic: "was der Server anbietet", "1.1": "1.1", "2": "2" },
      },
      family: addressFamilyTexts.de,
      answerWithinSeconds: { label: "Antwort innerhalb von (s)", help: "Für alles zusammen, mit Weiterleitungen." },
      readAtMostBytes: { label: "Höchstens lesen", help: "So viel der Seite wird gelesen und durchsucht, höchstens 10 MB." },
      proxy: { label: "Proxy", help: "Über welchen Proxy gefragt wird, etwa http://proxy.example:3128. Leer: keiner." },
      extraAuthorities: {
        label: "Eigene Zertifizierungsstellen",
        help: "Deren Zertifikate als PEM-Text. Sie gelten zusätzlich zu den üblichen.",
      },
      acceptedStatus: { label: "Status in Ordnung", help: "Einzelne (200) oder Bereiche (200-299)." },
      leadsTo: { label: "Muss führen nach", help: "Adresse, bei der man am Ende ankommt; * steht für beliebige Zeichen. Leer: egal." },
      certificateWarningDays: { label: "Zertifikat: Warnung unter (Tagen)", help: "Wenn es kürzer als so lange gilt. 0: nie." },
      certificateFailureDays: { label: "Zertifikat: Störung unter (Tagen)", help: "Wenn es kürzer als so lange gilt. 0: nie." },
      trustNeeded: { label: "Zertifikat muss vertrauenswürdig sein", help: "Aussteller, Name und Zeitraum müssen stimmen." },
      slowWarningMs: { label: "Warnung bei Antwortzeit über (ms)", help: "Für alles zusammen. 0: nie." },
      smallestBytes: { label: "Warnung bei weniger als", help: "Wenn weniger gelesen wurde. 0: nie." },
      largestBytes: { label: "Warnung bei mehr als", help: "Wenn mehr gelesen wurde. 0: nie." },
    },
    noData: {
      "no-address": "Es ist keine Adresse eingestellt.",
      "no-website-address": "Die Adresse ist keine einer Website, oder sie enthält ein Kennwort.",
      "no-proxy-address": "Der Proxy hat keine Adresse der Form http://host:port.",
      "not-allowed":
        "Die Website, oder wohin sie führt, liegt in einem Netz, das der Hauswart-Server nicht fragt; er sagt deshalb nichts darüber.",
      "no-route": "Von hier führt kein Weg zur Website; deshalb sagt die Messung nichts über sie.",
      "no-connection": "Dieser Computer hat selbst keine Netzverbindung und sagt deshalb nichts über die Website.",
      "no-name-server": "Der Name der Website ließ sich nicht auflösen: Kein Nameserver hat geantwortet.",
    },
    fields: {
      dnsMs: "Namensauflösung (ms)",
      connectMs: "Verbindung (ms)",
      tlsMs: "TLS (ms)",
      firstByteMs: "Warten auf das erste Byte (ms)",
      totalMs: "Gesamtzeit (ms)",
      bodyBytes: "Gelesen",
    },
  },
  en: {
    name: "Website",
    description: "Whether a website answers, with what status and text, how quickly, and how long its certificate is valid.",
    summary: summary({
      outcomes: english,
      answers: (status, time) => `status ${status} in ${time}`,
      valid: (days) => `certificate is valid for ${days} more days`,
      there: "text is there",
      missing: "text is not there",
      notRead: "text not found, the page is larger than what is read of it",
    }),
    findings: {
      unreachable: {
        title: ({ evidence, format }) => `Website does not answer: ${evidenceText(evidence, format).text("url")}`,
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `What happened: ${outcomeIn(english, evidence)} (${read.text("problem")}), after ${milliseconds(evidence, format, "totalMs")}. Visitors probably get no page either.`;
        },
        advice: () =>
          "Open the address from another network. If it does not answer there, check web server, name entry and firewall; otherwise the cause is the way from this computer.",
      },
      status: {
        title: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `Status ${read.number("status")}: ${read.text("url")}`;
        },
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `The website answers with status ${read.number("status")} (in the end ${read.text("finalUrl")}); in order is ${read.text("acceptedStatus")}. From 400 on something is wrong with the address or the access, from 500 on with the web server itself.`;
        },
        advice: () => "Open the address in a browser, and look into the web server's error log.",
      },
      text: {
        title: ({ evidence, format, subject }) => {
          const read = evidenceText(evidence, format);
          return read.is("wanted", "absent")
            ? `Unwanted text “${subject}” on ${read.text("finalUrl")}`
            : `Text “${subject}” is missing on ${read.text("finalUrl")}`;
        },
        meaning: ({ evidence, format, subject }) =>
          evidenceText(evidence, format).is("wanted", "absent")
            ? `The page says “${subject}”, which it must not: mostly an error message or a falsified page.`
            : `The page does not say “${subject}” any more. Often the web server still answers, but the application or its database does not; or the page was changed.`,
        advice: () => "Open the page. If it is right, change the text in the policy; otherwise check the application and its database.",
      },
      redirect: {
        title: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `${read.text("url")} leads to ${read.text("finalUrl")}`;
        },
        meaning: ({ evidence, format }) =>
          `Expected was ${evidenceText(evidence, format).text("leadsTo")}. If the redirect was not changed on purpose, the website may have been diverted.`,
        advice: () => "Ask who changed the redirect. If it was nobody, treat it as a break-in.",
      },
      certificate: {
        title: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return read.text("certificateProblem") === "–"
            ? `Certificate ends in ${read.number("leftDays")} days: ${read.text("certificateSubject")}`
            : `Certificate not to be trusted: ${read.text("certificateSubject")}`;
        },
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          const problem = read.text("certificateProblem");
          const said = problem === "–" ? "" : ` The check of it said: ${problem}.`;
          return `The certificate, or one that it rests on, is valid until ${read.dateTime("certificateValidToAtMs")}; issued by ${read.text("certificateIssuer")}.${said} Browsers warn visitors or do not let them onto the page.`;
        },
        advice: () =>
          "Renew the certificate or get its automatic renewal going, and see whether the web server hands out the intermediate certificates too.",
      },
      slow: {
        title: ({ evidence, format }) =>
          `Website slow (${milliseconds(evidence, format, "totalMs")}): ${evidenceText(evidence, format).text("url")}`,
        meaning: ({ evidence, format }) =>
          `It took ${milliseconds(evidence, format, "totalMs")} until the whole answer was there; wanted are ${milliseconds(evidence, format, "slowWarningMs")} at most. The check's graphs show in which stage the time went by.`,
        advice: () => "Compare the stages: name, connection and TLS speak for the network, waiting for the first byte for the web server.",
      },
      size: {
        title: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `Page unusually large or small with ${read.bytes("bodyBytes")}: ${read.text("url")}`;
        },
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `${read.bytes("bodyBytes")} were read; expected are at least ${read.bytes("smallestBytes")} and, if more than 0, at most ${read.bytes("largestBytes")}.`;
        },
        advice: () => "Open the page and see whether parts of it are missing or were added.",
      },
    },
    settings: {
      url: { label: "Address", help: "For example https://www.example.com/shop. Empty: the name of this instance." },
      textPresent: { label: "Text that must be there", help: "Letter by letter, one or several." },
      textAbsent: { label: "Text that must not be there", help: "Letter by letter, one or several: error messages, for example." },
      followRedirects: { label: "Follow redirects", help: "So often at most. 0: the redirect itself is judged." },
      httpVersion: {
        label: "HTTP version",
        help: "What is spoken. With 2 it is a failure when the server does not offer it.",
        choices: { automatic: "what the server offers", "1.1": "1.1", "2": "2" },
      },
      family: addressFamilyTexts.en,
      answerWithinSeconds: { label: "Answer within (s)", help: "For everything together, with redirects." },
      readAtMostBytes: { label: "Read at most", help: "So much of the page is read and searched, 10 MB at most." },
      proxy: { label: "Proxy", help: "Through which proxy it is asked, such as http://proxy.example:3128. Empty: none." },
      extraAuthorities: { label: "Own certificate authorities", help: "Their certificates as PEM text. They hold besides the usual ones." },
      acceptedStatus: { label: "Status in order", help: "Single ones (200) or ranges (200-299)." },
      leadsTo: { label: "Must lead to", help: "Address where one arrives in the end; * stands for any characters. Empty: anywhere." },
      certificateWarningDays: { label: "Certificate: warning below (days)", help: "When it is valid for less than this. 0: never." },
      certificateFailureDays: { label: "Certificate: failure below (days)", help: "When it is valid for less than this. 0: never." },
      trustNeeded: { label: "Certificate must be trusted", help: "Issuer, name and time must be right." },
      slowWarningMs: { label: "Warning at answers above (ms)", help: "For everything together. 0: never." },
      smallestBytes: { label: "Warning at less than", help: "When less was read. 0: never." },
      largestBytes: { label: "Warning at more than", help: "When more was read. 0: never." },
    },
    noData: {
      "no-address": "No address is set.",
      "no-website-address": "The address is none of a website, or it holds a password.",
      "no-proxy-address": "The proxy has no address of the form http://host:port.",
      "not-allowed":
        "The website, or where it leads to, lies in a network that the Hauswart server does not ask, so it says nothing about it.",
      "no-route": "This computer has no route to the website, so it says nothing about it.",
      "no-connection": "This computer has no network connection of its own, so it says nothing about the website.",
      "no-name-server": "The website's name could not be resolved: no name server answered.",
    },
    fields: {
      dnsMs: "Name resolution (ms)",
      connectMs: "Connection (ms)",
      tlsMs: "TLS (ms)",
      firstByteMs: "Waiting for the first byte (ms)",
      totalMs: "Everything together (ms)",
      bodyBytes: "Read",
    },
  },
};
