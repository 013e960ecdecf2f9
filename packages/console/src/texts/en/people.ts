import { countIn } from "../count.ts";
import type { Texts } from "../de.ts";

const count = countIn("en-GB");

export const roles = {
  owner: { name: "Owner", may: "May do everything and appoints owners as well." },
  administrator: { name: "Administrator", may: "May do everything but appoint and change owners." },
  technician: { name: "Technician", may: "Works on devices, findings and policies of their customers; no users and no settings." },
  "read-only": { name: "Read-only", may: "Sees devices, findings and reports of their customers and changes nothing." },
} satisfies Texts["roles"];

export const customerReach = {
  label: "Customers",
  all: "All customers",
  only: "Only these",
  except: "All but these",
  allShort: "all",
  onlyHelp: "New customers do not come along by themselves.",
  exceptHelp: "New customers come along by themselves.",
  choose: "Choose customers",
  exceptShort: (names: string) => `all but ${names}`,
  others: (amount: number) => count(amount, "other", "others"),
  everywhere: "Owners and administrators work for all customers.",
} satisfies Texts["customerReach"];

export const users = {
  title: "Users",
  lead: "Who may sign in, in which role and for which customers.",
  name: "Name",
  email: "E-mail address",
  role: "Role",
  customers: "Customers",
  secondFactor: "Second factor",
  noFactor: "none",
  totp: "code app",
  passkeys: (amount: number) => count(amount, "passkey", "passkeys"),
  lastSeen: "Last seen",
  neverSeen: "never",
  state: "State",
  states: { active: "active", disabled: "disabled", invited: "invited", expired: "expired" },
  you: "you",
  created: "Created",
  language: "Language",
  invite: "Invite a user",
  inviteSend: "Send invitation",
  inviteHelp: "The invitation goes by mail. Whoever accepts it chooses their own password.",
  invited: (email: string) => `The invitation to ${email} is on its way.`,
  invitedBy: "Invited by",
  invitedAt: "Invited",
  validUntil: "Valid until",
  resend: "Send again",
  resent: (email: string) => `A new invitation to ${email} is on its way; the old one is no longer valid.`,
  revoke: "Revoke",
  revokeTitle: "Revoke the invitation?",
  revokeText: (email: string) => `The link in the mail to ${email} opens nothing from now on. You can invite again at any time.`,
  revoked: "The invitation is revoked.",
  change: "Change",
  changeTitle: (name: string) => `Change ${name}`,
  changed: "Saved. The rights hold from now on.",
  disable: "Disable",
  disableTitle: (name: string) => `Disable ${name}?`,
  disabled: (name: string) => `${name} is disabled.`,
  enable: "Enable",
  enabled: (name: string) => `${name} can sign in again.`,
  remove: "Delete",
  removeTitle: (name: string) => `Delete ${name}?`,
  removed: (name: string) => `${name} is deleted.`,
  none: "You are alone here",
  noneHelp: "Invite the people you work with.",
  disableText: (sessions: number) =>
    `${sessions === 0 ? "Nobody is signed in with this account." : `${count(sessions, "session ends", "sessions end")} at once.`} Signing in is not possible, and API keys of this person are no longer valid. Role, customers and second factors are kept; you can enable the account again at any time.`,
  removeText: (sessions: number) =>
    `${sessions === 0 ? "" : `${count(sessions, "session ends", "sessions end")} at once. `}Password, second factors and customers are deleted, and API keys of this person are no longer valid. What they did stays in the audit log. This cannot be undone.`,
  onlyOwnersMake: "Only an owner appoints owners.",
  linkTitle: (email: string) => `Link for ${email}`,
  linkHelp:
    "No mail server is set up that could deliver this invitation. Hand the link over yourself, in a way that nobody else reads. It is shown only this once.",
  link: "Invitation",
  onlyOwners: "Only an owner changes an owner.",
  yourself: "You change your own account under “My account”; role and access can only be changed by somebody else.",
  mayNot: "Your role may see users but not change them.",
  mayNotSee: "Only owners and administrators see users. Your own details are under “My account”.",
} satisfies Texts["users"];
