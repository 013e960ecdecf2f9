/** The settings by which checks ask devices by SNMP, as the network wants them. */
import type { SnmpAccessReason } from "@hauswart/protocol/snmp-access.ts";
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

/** How to ask; a reason when something that it takes is not set. */
export function snmpAccess(settings: SnmpAccessSettings): SnmpAccess | SnmpAccessReason {
  const { version, community, user, authentication, authenticationPassword, privacy, privacyPassword, contextName } = settings;
  if (version !== "v3") return community === "" ? "no-community" : { version, community };
  if (user.trim() === "") return "no-user";
  if (authentication !== "none" && authenticationPassword.length < 8) return "no-authentication-password";
  if (authentication === "none" && privacy !== "none") return "encryption-without-authentication";
  if (privacy !== "none" && privacyPassword.length < 8) return "no-encryption-password";
  return { version, user: user.trim(), authentication, authenticationPassword, privacy, privacyPassword, contextName: contextName.trim() };
}
