/**
 * Dangerous changes want a fresh proof of who sits at the keyboard: a stolen session, or a console that was left open, must not
 * be enough to let somebody else in, to take everything along, or to close the way back. This table is the whole list.
 */
import { retentionLimits } from "./retention.ts";
import type { RouteName } from "./routes.ts";

interface Danger {
  /** What a stolen session could do with it. */
  readonly why: string;
  /** Only a request that has one of these fields, or one of `values`, is dangerous. */
  readonly fields?: readonly string[];
  /** Values of fields; null as a customer means all of them. */
  readonly values?: Readonly<Record<string, readonly unknown[]>>;
  /** Also a request that makes one of these numbers smaller than it is. */
  readonly shortened?: readonly string[];
}

const dangers: Partial<Record<RouteName, Danger>> = {
  createApiKey: { why: "lets somebody in who stays when the session ends" },
  changeAccount: { why: "gives rights, or locks somebody out", fields: ["role", "reach", "isDisabled"] },
  deleteAccount: { why: "locks somebody out" },
  inviteAccount: { why: "lets somebody in who stays when the session ends" },
  requestEmailChange: { why: "moves the account to another mailbox, to which links for a new password go" },
  resendInvitation: { why: "lets somebody in who stays when the session ends" },
  revokeDevice: { why: "stops watching a computer" },
  createAgentRelease: { why: "offers a program to every computer with an agent" },
  changeAgentRollout: { why: "puts a release on every computer, also one that was stopped", values: { action: ["resume", "advance"] } },
  createWebhook: { why: "sends findings to any address for as long as nobody looks" },
  createRecipient: { why: "tells somebody of every customer's findings", values: { customerId: [null] } },
  changeRecipient: {
    why: "tells somebody else of findings, and no longer whom they were for",
    fields: ["channel", "accountId", "address"],
    values: { customerId: [null] },
  },
  eraseCustomer: { why: "deletes everything of a customer" },
  exportCustomer: { why: "takes everything of a customer along" },
  changeSettings: {
    why: "switches second factors off, or lets what was kept be deleted",
    fields: ["secondFactor"],
    shortened: Object.keys(retentionLimits),
  },
  beginTotp: { why: "lets somebody else's app answer for the account" },
  confirmTotp: { why: "lets somebody else's app answer for the account" },
  deleteAccountFactors: { why: "takes somebody's second factor away" },
  deleteTotp: { why: "takes the second factor away" },
  createRecoveryCodes: { why: "hands out ten ways in, and ends those of the owner" },
  beginPasskey: { why: "lets somebody else's passkey answer for the account" },
  createPasskey: { why: "lets somebody else's passkey answer for the account" },
  createOidcIssuer: { why: "lets whoever runs the identity provider sign in as everybody" },
  changeOidcIssuer: { why: "lets whoever runs the identity provider sign in as everybody" },
  deleteOidcIssuer: { why: "locks out whoever signs in there" },
  deletePasskey: { why: "takes the second factor away" },
};

/** Whether some requests to a route want a fresh proof. */
export const canBeDangerous = (name: RouteName): boolean => dangers[name] !== undefined;

/** Whether a request wants a fresh proof, as far as the request alone says. @param input parsed */
export function isDangerous(name: RouteName, input: Readonly<Record<string, unknown>>): boolean {
  const danger = dangers[name];
  if (danger === undefined) return false;
  const { fields, values } = danger;
  if (fields === undefined && values === undefined) return true;
  const hasField = fields?.some((field) => input[field] !== undefined) ?? false;
  return hasField || Object.entries(values ?? {}).some(([field, dangerous]) => dangerous.includes(input[field]));
}

/** Whether a request wants a fresh proof because of what it makes shorter. @param before the values that hold now */
export function isShortening(
  name: RouteName,
  input: Readonly<Record<string, unknown>>,
  before: Readonly<Record<string, unknown>>,
): boolean {
  return dangers[name]?.shortened?.some((field) => Number(input[field]) < Number(before[field])) ?? false;
}
