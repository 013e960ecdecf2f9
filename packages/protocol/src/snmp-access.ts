/** How checks ask devices by SNMP: one selection for all of them, so that they ask in the same ways. */
import { setting } from "./fields.ts";

/** Fields of a selection schema: `z.object({ ...snmpAccessSelection })`. */
export const snmpAccessSelection = {
  version: setting.oneOf(["v1", "v2c", "v3"], "v2c", "Version of SNMP."),
  community: setting.secret("Community, for v1 and v2c."),
  user: setting.text("", "User, for v3.", 64),
  authentication: setting.oneOf(["none", "md5", "sha1", "sha256", "sha384", "sha512"], "sha256", "How messages are authenticated, for v3."),
  authenticationPassword: setting.secret("Password of the authentication, for v3."),
  privacy: setting.oneOf(["none", "des", "aes128", "aes256", "aes256-cisco"], "aes128", "How messages are encrypted, for v3."),
  privacyPassword: setting.secret("Password of the encryption, for v3."),
  contextName: setting.text("", "Context, for v3; mostly empty.", 64),
};

/** Why a device cannot be asked with these settings: reasons of a check (`noData`). */
export const snmpAccessReasons = [
  "no-community",
  "no-user",
  "no-authentication-password",
  "encryption-without-authentication",
  "no-encryption-password",
] as const;
export type SnmpAccessReason = (typeof snmpAccessReasons)[number];
