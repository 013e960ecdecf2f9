/** The settings by which checks ask devices by SNMP, as the network wants them. */
import type { SnmpAccess } from "./network.ts";

type V3 = Extract<SnmpAccess, { version: "v3" }>;

/** Named as in the checks' selections. */
export interface SnmpAccessSettings extends Pick<
  V3,
  "user" | "authentication" | "authenticationPassword" | "privacy" | "privacyPassword" | "contextName"
> {
  readonly version: "v1" | "v2c" | "v3";
  readonly community: string;
}

/** How to ask; a sentence when something that it takes is not set. */
export function snmpAccess(settings: SnmpAccessSettings): SnmpAccess | string {
  const { version, community, user, authentication, authenticationPassword, privacy, privacyPassword, contextName } = settings;
  if (version !== "v3") return community === "" ? "No community is set." : { version, community };
  if (user.trim() === "") return "No user is set.";
  if (authentication !== "none" && authenticationPassword.length < 8)
    return "The password of the authentication is not set, or shorter than 8 characters.";
  if (authentication === "none" && privacy !== "none")
    return "SNMP encrypts only what is authenticated as well: choose an authentication, or no encryption.";
  if (privacy !== "none" && privacyPassword.length < 8) return "The password of the encryption is not set, or shorter than 8 characters.";
  return { version, user: user.trim(), authentication, authenticationPassword, privacy, privacyPassword, contextName: contextName.trim() };
}
