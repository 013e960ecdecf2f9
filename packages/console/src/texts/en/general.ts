import { countIn } from "../count.ts";
import type { Texts } from "../de.ts";

const count = countIn("en-GB");

export const states = { ok: "ok", warning: "warning", failure: "failure", unknown: "unknown" } satisfies Texts["states"];

export const stateSums = { ok: "ok", warning: "with a warning", failure: "failing", unknown: "unknown" } satisfies Texts["stateSums"];

export const shell = {
  overview: "Overview",
  findings: "Findings",
  devices: "Devices",
  customers: "Customers",
  policies: "Policies",
  settingsGroup: "Administration",
  users: "Users",
  recipients: "Recipients",
  outbox: "Outbox",
  webhooks: "Webhooks",
  maintenance: "Maintenance",
  agents: "Agents",
  apiKeys: "API keys",
  audit: "Audit log",
  settings: "Settings",
  navigation: "Navigation",
  skip: "Skip to content",
  close: "Close",
  cancel: "Cancel",
  loading: "Loading …",
  search: "Search",
  scope: "Customer",
  allCustomers: "All customers",
  nothingFound: "Nothing found",
  enrol: "Enrol a device",
  language: "Language",
  languages: { de: "German", en: "English" },
  look: "Appearance",
  looks: { auto: "As the system", light: "Light", dark: "Dark" },
  account: "Account",
  myAccount: "My account",
  signOut: "Sign out",
  live: "live",
  liveLong: "Changes appear by themselves.",
  away: "cut off",
  awaySince: (time: string) => `As of ${time}`,
  awayLong: "The connection to the server is broken. You see what was known last; the connection is tried again all the time.",
  moreNotes: (notes: number) => `+ ${notes} more`,
  copy: "Copy",
  copied: "Copied",
  save: "Save",
  edit: "Edit",
  editOf: (name: string) => `Edit ${name}`,
  metTitle: "Somebody else has saved meanwhile",
  metTogether: "What they changed stands here now too. Your changes are still there; save once more.",
  metBoth: (fields: string) =>
    `Both of you changed: ${fields}. Your entry stands here; everything else is as it was saved. Save once more.`,
  metTake: "Take what was saved",
  remove: "Remove",
  yes: "yes",
  no: "no",
} satisfies Texts["shell"];

export const signIn = {
  title: "Sign in",
  lead: "Sign in to see your devices.",
  email: "E-mail address",
  password: "Password",
  showPassword: "Show or hide what is typed",
  submit: "Sign in",
} satisfies Texts["signIn"];

export const palette = {
  placeholder: "Device, customer, finding or command …",
  pages: "Pages",
  help: "↑ ↓ choose · Enter open · Esc close",
} satisfies Texts["palette"];

export const table = {
  arrivals: (rows: number) => `${count(rows, "new row", "new rows")} – show`,
  arrived: (rows: number) => count(rows, "new row", "new rows"),
  gone: "No longer belongs to this list",
  count: (loaded: number, total: number | null) =>
    total === null
      ? `${count(loaded, "row", "rows")} loaded`
      : loaded < total
        ? `${loaded.toLocaleString("en-GB")} of ${count(total, "row", "rows")} loaded`
        : count(total, "row", "rows"),
  menu: "Columns and CSV",
  columns: "Columns",
  csvOf: (label: string) => `CSV: ${label}`,
  copyCsv: "Copy as CSV",
  saveCsv: "Save as CSV",
  copiedAll: "The whole list is copied",
  copyFailed: "The browser did not allow copying.",
} satisfies Texts["table"];

export const errors = {
  pageTitle: "That did not work",
  notFoundTitle: "Not found",
  notFound: "There is no such page.",
  retry: "Try again",
  notKnown: (what: string) => `${what}: not known.`,
  kept: "Nothing was lost; what the server knows is stored there.",
  unknownCode: (code: string) =>
    `An error came that this console does not know (${code}). Reload the page; if it stays, look into the server's log.`,
  usedBy: (names) => `Used by: ${names}`,
  byCode: {
    INVALID_REQUEST: "What was entered does not fit. Please check the fields named below.",
    UNAUTHENTICATED: "Your session has ended. Please sign in again.",
    WRONG_CREDENTIALS: "E-mail address or password is wrong.",
    SECOND_FACTOR_REQUIRED: "This account needs a second factor.",
    FACTOR_REFUSED: "The code or passkey is not right, or was used already.",
    PROOF_REFUSED: "That is not right. Try once more.",
    SECOND_FACTOR_SETUP_REQUIRED: "Your account needs a second factor. Set one up under “My account”.",
    STEP_UP_REQUIRED: "Nothing was changed: you have to confirm that it is you.",
    CHALLENGE_INVALID: "That took too long or was answered already. Begin to sign in once more.",
    PASSKEY_REFUSED: "The server could not check this passkey. Try once more, with another device too.",
    PASSKEYS_UNAVAILABLE: "There are no passkeys at this address: browsers want a name and HTTPS.",
    PASSKEY_CANCELLED: "The browser gave up. Nothing was changed.",
    PASSKEY_ALREADY: "There is a passkey for your account on this device already.",
    PASSKEY_UNSUPPORTED: "This browser could not handle the passkey.",
    IDENTITY_PROVIDER_FAILED: "The sign-in service did not answer as it should. Sign in with password or passkey.",
    ACCOUNT_NOT_LINKED: "There is no account for this person here. Ask for an invitation.",
    FORBIDDEN: "Your rights do not cover this.",
    CROSS_SITE_REQUEST: "The server took the request for one from another site. Reload the page.",
    NOT_FOUND: "There is no such thing, or it is not yours to see.",
    METHOD_NOT_ALLOWED: "The server does not know this action. Reload the page.",
    CONFLICT: "Somebody else changed this in the meantime. Load it again.",
    IN_USE: "This is still in use. Choose something else there first.",
    LAST_OWNER: "This is the last owner. Make somebody else an owner first.",
    NO_DEVICE_CONNECTED: "No device of the customer that could take part is connected at the moment. Try again when one is running.",
    MAIL_SERVER_MISSING: "Hauswart has no mail server yet, so the link cannot be mailed. Set one first (HAUSWART_SMTP_URL).",
    LINK_INVALID: "This link is no longer good: it was used, replaced, or has expired.",
    WRONG_PASSWORD: "This is not your current password.",
    TOO_LARGE: "This is too large for the server.",
    TOO_MANY_ATTEMPTS: "Too many attempts. Wait a few minutes, then it works again.",
    TOO_MANY_REQUESTS: "Too many requests in a short time. Wait a moment, then it works again.",
    INTERNAL: "Something went wrong on the server; its log says what.",
    NOT_READY: "The server is not ready yet. Try again in a moment.",
    SERVER_BUSY: "The server cannot take more just now. Try again in a moment.",
    NO_ANSWER: "The server does not answer. Check the connection.",
    CONSOLE_BROKE:
      "This page could not be shown. The fault lies with the console, not with your devices; the browser's console has details.",
  },
} satisfies Texts["errors"];
