/** Words of who is signed in at a device; loaded with the pages that say it. */
import type { Language } from "@hauswart/protocol/format.ts";
import type { signedInStates, signedInWays } from "@hauswart/protocol/signed-in.ts";
import { countIn } from "./count.ts";

interface SignedInTexts {
  readonly title: string;
  readonly nobody: string;
  readonly notKnown: string;
  readonly notKnownHelp: string;
  readonly since: (moment: string) => string;
  readonly asOf: string;
  readonly ways: Readonly<Record<(typeof signedInWays)[number], string>>;
  /** Of a session that is neither idle nor locked nothing is said. */
  readonly states: Readonly<Record<Exclude<(typeof signedInStates)[number], "active">, string>>;
  readonly sessions: (sessions: number) => string;
  readonly more: (more: number) => string;
  readonly setting: {
    readonly title: string;
    readonly house: string;
    readonly houseHelp: string;
    readonly customer: string;
    readonly customerHelp: string;
    readonly customerOff: string;
  };
}

const [german, english] = [countIn("de-DE"), countIn("en-GB")];

export const signedInTexts: Readonly<Record<Language, SignedInTexts>> = {
  de: {
    title: "Am Gerät angemeldet",
    nobody: "niemand",
    notKnown: "nicht bekannt",
    notKnownHelp: "Der Agent hat noch nichts dazu gesagt: Er ist älter als diese Angabe, oder das System verrät es nicht.",
    since: (moment) => `seit ${moment}`,
    asOf: "Stand",
    ways: { screen: "Bildschirm", "remote-desktop": "Remotedesktop", ssh: "SSH", "text-console": "Textkonsole", other: "anderer Weg" },
    states: { idle: "untätig", locked: "gesperrt", disconnected: "getrennt" },
    sessions: (sessions) => german(sessions, "Sitzung", "Sitzungen"),
    more: (more) => `und ${german(more, "weitere", "weitere")}`,
    setting: {
      title: "Wer angemeldet ist",
      house: "Agenten melden, wer am Computer angemeldet ist",
      houseHelp:
        "Das sind personenbezogene Daten: Konto, Weg und Beginn der Sitzung, immer nur der jetzige Stand. Ausgeschaltet melden die Agenten es nicht mehr, und was gespeichert ist, wird gelöscht. Einzelne Kunden lassen sich bei „Kunden“ ausnehmen.",
      customer: "Agenten melden, wer am Computer angemeldet ist",
      customerHelp: "Ausgeschaltet melden es die Agenten dieses Kunden nicht, und was gespeichert ist, wird gelöscht.",
      customerOff: "wird nicht gemeldet",
    },
  },
  en: {
    title: "Signed in",
    nobody: "nobody",
    notKnown: "not known",
    notKnownHelp: "The agent has not said anything about it: it is older than this detail, or the system does not tell.",
    since: (moment) => `since ${moment}`,
    asOf: "as of",
    ways: { screen: "screen", "remote-desktop": "remote desktop", ssh: "SSH", "text-console": "text console", other: "another way" },
    states: { idle: "idle", locked: "locked", disconnected: "disconnected" },
    sessions: (sessions) => english(sessions, "session", "sessions"),
    more: (more) => `and ${more.toLocaleString("en-GB")} more`,
    setting: {
      title: "Who is signed in",
      house: "Agents tell who is signed in at the computer",
      houseHelp:
        "This is personal data: account, way and begin of the session, only ever as it is now. Switched off, the agents tell it no more, and what is stored is deleted. Single customers can be exempted under “Customers”.",
      customer: "Agents tell who is signed in at the computer",
      customerHelp: "Switched off, this customer's agents do not tell it, and what is stored is deleted.",
      customerOff: "not told",
    },
  },
};
