/** Changes that want a fresh proof, as the server has them (packages/server/src/access/factors/fresh-proof.ts). */
import type { RouteName } from "@hauswart/protocol/api/routes.ts";

/** true: each call. A list: only calls that have one of these fields. */
const dangers: Partial<Record<RouteName, true | readonly string[]>> = {
  createApiKey: true,
  changeAccount: ["role", "reach", "isDisabled"],
  deleteAccount: true,
  inviteAccount: true,
  resendInvitation: true,
  revokeDevice: true,
  eraseCustomer: true,
  changeSettings: ["secondFactor"],
  beginTotp: true,
  confirmTotp: true,
  deleteTotp: true,
  createRecoveryCodes: true,
  beginPasskey: true,
  createPasskey: true,
  deletePasskey: true,
  createOidcIssuer: true,
  changeOidcIssuer: true,
  deleteOidcIssuer: true,
};

/** @param input parsed */
export function isDangerous(name: string, input: Readonly<Record<string, unknown>>): boolean {
  const danger = dangers[name as RouteName];
  return danger === true || (danger ?? []).some((field) => input[field] !== undefined);
}
