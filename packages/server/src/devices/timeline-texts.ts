/** The timeline in words, for readers without texts of their own; the console has its own by kind. */
import type { Language } from "@hauswart/protocol/format.ts";

export type TimelineKind =
  | "enrolled"
  | "changed"
  | "revoked"
  | "measure-asked"
  | "server-restored"
  | "connected"
  | "slept"
  | "disconnected"
  | "shut-down"
  | "finding-opened"
  | "finding-changed"
  | "finding-acknowledged"
  | "finding-reopened"
  | "finding-closed"
  | "finding-mailed"
  | "finding-noted";

export const timelineTexts: Readonly<Record<Language, Readonly<Record<TimelineKind, string>>>> = {
  de: {
    enrolled: "Angemeldet",
    changed: "Geändert",
    revoked: "Gesperrt",
    "measure-asked": "Messung angefordert",
    "server-restored": "Server aus Sicherung wiederhergestellt; Messwerte fehlen",
    connected: "Verbunden",
    slept: "Im Energiesparmodus",
    disconnected: "Verbindung beendet",
    "shut-down": "Abgemeldet",
    "finding-opened": "Befund",
    "finding-changed": "Befund geändert",
    "finding-acknowledged": "Befund bestätigt",
    "finding-reopened": "Bestätigung zurückgenommen",
    "finding-closed": "Befund geschlossen",
    "finding-mailed": "Mail versandt",
    "finding-noted": "Notiz zum Befund",
  },
  en: {
    enrolled: "Enrolled",
    changed: "Changed",
    revoked: "Revoked",
    "measure-asked": "Measurement asked for",
    "server-restored": "Server restored from a backup; values are missing",
    connected: "Connected",
    slept: "Asleep",
    disconnected: "Connection ended",
    "shut-down": "Signed off",
    "finding-opened": "Finding",
    "finding-changed": "Finding changed",
    "finding-acknowledged": "Finding acknowledged",
    "finding-reopened": "Acknowledgement taken back",
    "finding-closed": "Finding closed",
    "finding-mailed": "Mail sent",
    "finding-noted": "Note on the finding",
  },
};
