/** Texts of what stands in `snmp-access.ts`. */
import type { Language } from "./format.ts";
import type { SettingMessages } from "./messages.ts";
import type { SnmpAccessReason, snmpAccessSelection } from "./snmp-access.ts";

interface SnmpAccessTexts {
  readonly settings: Readonly<Record<keyof typeof snmpAccessSelection, SettingMessages>>;
  readonly noData: Readonly<Record<SnmpAccessReason, string>>;
}

export const snmpAccessTexts: Readonly<Record<Language, SnmpAccessTexts>> = {
  de: {
    settings: {
      version: {
        label: "SNMP-Version",
        help: "v3 verschlüsselt; v1 und v2c senden die Community lesbar.",
        choices: { v1: "v1", v2c: "v2c", v3: "v3" },
      },
      community: { label: "Community", help: "Für v1 und v2c. Wird versiegelt gespeichert und niemandem gezeigt." },
      user: { label: "Benutzer", help: "Für v3." },
      authentication: {
        label: "Anmeldung",
        help: "Für v3: womit Nachrichten beglaubigt werden.",
        choices: { none: "keine", md5: "MD5", sha1: "SHA-1", sha256: "SHA-256", sha384: "SHA-384", sha512: "SHA-512" },
      },
      authenticationPassword: {
        label: "Kennwort der Anmeldung",
        help: "Für v3, mindestens 8 Zeichen. Wird versiegelt gespeichert und niemandem gezeigt.",
      },
      privacy: {
        label: "Verschlüsselung",
        help: "Für v3: womit Nachrichten verschlüsselt werden.",
        choices: { none: "keine", des: "DES", aes128: "AES-128", aes256: "AES-256", "aes256-cisco": "AES-256 (Cisco)" },
      },
      privacyPassword: {
        label: "Kennwort der Verschlüsselung",
        help: "Für v3, mindestens 8 Zeichen. Wird versiegelt gespeichert und niemandem gezeigt.",
      },
      contextName: { label: "Kontext", help: "Für v3, meist leer." },
    },
    noData: {
      "no-community": "Es ist keine Community eingestellt.",
      "no-user": "Es ist kein Benutzer eingestellt.",
      "no-authentication-password": "Das Kennwort der Anmeldung fehlt oder hat weniger als 8 Zeichen.",
      "encryption-without-authentication":
        "SNMP verschlüsselt nur, was auch beglaubigt ist: Wählen Sie eine Anmeldung oder keine Verschlüsselung.",
      "no-encryption-password": "Das Kennwort der Verschlüsselung fehlt oder hat weniger als 8 Zeichen.",
    },
  },
  en: {
    settings: {
      version: {
        label: "SNMP version",
        help: "v3 encrypts; v1 and v2c send the community readably.",
        choices: { v1: "v1", v2c: "v2c", v3: "v3" },
      },
      community: { label: "Community", help: "For v1 and v2c. It is stored sealed and shown to nobody." },
      user: { label: "User", help: "For v3." },
      authentication: {
        label: "Authentication",
        help: "For v3: how messages are vouched for.",
        choices: { none: "none", md5: "MD5", sha1: "SHA-1", sha256: "SHA-256", sha384: "SHA-384", sha512: "SHA-512" },
      },
      authenticationPassword: {
        label: "Password of the authentication",
        help: "For v3, at least 8 characters. It is stored sealed and shown to nobody.",
      },
      privacy: {
        label: "Encryption",
        help: "For v3: how messages are encrypted.",
        choices: { none: "none", des: "DES", aes128: "AES-128", aes256: "AES-256", "aes256-cisco": "AES-256 (Cisco)" },
      },
      privacyPassword: {
        label: "Password of the encryption",
        help: "For v3, at least 8 characters. It is stored sealed and shown to nobody.",
      },
      contextName: { label: "Context", help: "For v3, mostly empty." },
    },
    noData: {
      "no-community": "No community is set.",
      "no-user": "No user is set.",
      "no-authentication-password": "The password of the authentication is not set, or shorter than 8 characters.",
      "encryption-without-authentication": "SNMP encrypts only what is authenticated as well: choose an authentication, or no encryption.",
      "no-encryption-password": "The password of the encryption is not set, or shorter than 8 characters.",
    },
  },
};
