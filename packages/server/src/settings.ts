/**
 * What can be set from outside, all of it by environment. Read once at start; a mistake is said in one sentence each and
 * the server does not start. `docs/settings.md` is made from this file (tools/settings-document.ts).
 */
import { accessSync, constants } from "node:fs";
import { isIP } from "node:net";
import { fileURLToPath } from "node:url";
import { resolve } from "node:path";
import { retentionLimits } from "@hauswart/protocol/api/retention.ts";
import { z } from "zod";
import { ownFiles } from "./own-authority/own-files.ts";

/** How transport security is arranged: ended here with a certificate, ended by a proxy in front, or none (loopback only). */
export type TlsSettings =
  | { kind: "none" }
  /** `isOwn`: the server makes the certificate itself (own-authority). */
  | { kind: "certificate"; certificatePath: string; keyPath: string; isOwn?: boolean }
  | { kind: "at-proxy" };

export interface Settings {
  /** Address of the console, the API and the agents' endpoint as others see it; no slash at the end. */
  readonly url: string;
  /** Absolute path of the folder that holds the embedded database and the server's secrets. */
  readonly dataDirectory: string;
  /** Absolute path of the master key's file; undefined = in the data folder. */
  readonly masterKeyFile: string | undefined;
  /** `localhost`: both loopback addresses. */
  readonly host: string;
  readonly port: number;
  readonly tls: TlsSettings;
  /** Addresses and CIDR ranges whose X-Forwarded-For is believed; empty unless TLS ends at a proxy. */
  readonly trustedProxies: readonly string[];
  /** Connection of the owner to an own PostgreSQL; undefined = embedded. */
  readonly databaseUrl: string | undefined;
  /** System user that runs the embedded PostgreSQL when the server runs as root; undefined = chosen. */
  readonly postgresUser: string | undefined;
  /** undefined = mails are kept in the outbox of the console. */
  readonly smtpUrl: string | undefined;
  readonly mailFrom: string;
  /** Mailbox of the sender's address, for delivery reports; undefined = none is read. */
  readonly imapUrl: string | undefined;
  /** First owner, for scripted set-up; undefined = made up and printed once. */
  readonly admin: { readonly email: string; readonly password: string } | undefined;
  /** The daily backup; undefined = none. */
  readonly backup: BackupSettings | undefined;
  /** Releases of the agent that are offered. */
  readonly releases: {
    /** Absolute path of the folder with a folder for each. */
    readonly directory: string;
    /** Absolute path of the file with the public release keys. */
    readonly keysFile: string;
  };
  /** Networks that may be asked from the server though they are not public. */
  readonly outsideNetworks: readonly string[];
  readonly keepSamplesDays: number;
  readonly keepRollupsMonths: number;
  readonly logLevel: "debug" | "info" | "warn" | "error";
  readonly logFormat: "json" | "lines" | "auto";
}

export interface BackupSettings {
  /** Absolute path of the folder for backups. */
  readonly directory: string;
  /** Hour of the day in UTC, 0 to 23. */
  readonly hour: number;
  /** How many backups are kept; older ones are deleted. */
  readonly keep: number;
  /** File with the passphrase; undefined = backups are not encrypted. */
  readonly passphraseFile: string | undefined;
}

/** All that is wrong with the settings, one sentence each. */
export class SettingsError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.name = "SettingsError";
    this.problems = problems;
  }
}

const repositoryRoot = fileURLToPath(new URL("../../..", import.meta.url));

const yesOrNo = z
  .string()
  .toLowerCase()
  .refine((text) => ["yes", "no", "true", "false", "1", "0"].includes(text), "must be yes or no")
  .transform((text) => ["yes", "true", "1"].includes(text));

const wholeNumber = (minimum: number, maximum: number) =>
  z
    .string()
    .refine(
      (text) => /^\d+$/.test(text) && Number(text) >= minimum && Number(text) <= maximum,
      `must be a whole number from ${minimum} to ${maximum}`,
    )
    .transform(Number);

const address = (schemes: readonly string[], example: string) =>
  z.string().refine((text) => URL.canParse(text) && schemes.includes(new URL(text).protocol.slice(0, -1)), {
    error: `must be an address like ${example}`,
    abort: true,
  });

const emailAddress = /^[^\s@<>",;]+@[^\s@<>",;]+$/;

/** One entry per environment variable. `describe` is the text of the documentation; nothing else is read. */
export const environmentSchema = z.object({
  HAUSWART_URL: address(["http", "https"], "https://hauswart.example.com")
    .refine((text) => ["", "/"].includes(new URL(text).pathname) && !/[?#]/.test(text), "must be an address without a path")
    .transform((text) => new URL(text).origin)
    .optional()
    .describe(
      "Address under which browsers and agents reach the server. Stands in mails and in the enrolment command. Default: `http://localhost:PORT`, with a certificate `https://localhost:PORT`. Passkeys want a name and refuse IP addresses.",
    ),
  HAUSWART_DATA: z
    .string()
    .default("data")
    .describe("Folder of the embedded database and of the server's secrets. A relative path counts from the checkout. Default: `data`."),
  HAUSWART_MASTER_KEY_FILE: z
    .string()
    .optional()
    .describe(
      "File with the key that seals the secrets in the database. Made at the first start. Keep it apart from backups of the database, and keep it: without it sealed secrets are lost. Default: `secrets/master.key` in the data folder.",
    ),
  HAUSWART_PORT: wholeNumber(0, 65535)
    .default(8080)
    .describe("Port of everything: console, API and agents. 0 takes a free one. Default: `8080`."),
  HAUSWART_LISTEN: z
    .string()
    .refine((text) => isIP(text) !== 0 || text === "localhost", "must be an IP address, for example 0.0.0.0 for all interfaces")
    .optional()
    .describe(
      "Address to listen on. Anything but loopback needs TLS, see `HAUSWART_TLS_OWN`, `HAUSWART_TLS_CERT` and `HAUSWART_TLS_AT_PROXY`. `localhost` is both `127.0.0.1` and `::1`. Default: `localhost`; with a certificate and a `HAUSWART_URL` that is not loopback `0.0.0.0`.",
    ),
  HAUSWART_TLS_CERT: z.string().optional().describe("File with the certificate chain, PEM. Needs `HAUSWART_TLS_KEY`."),
  HAUSWART_TLS_KEY: z.string().optional().describe("File with the private key of the certificate, PEM. Needs `HAUSWART_TLS_CERT`."),
  HAUSWART_TLS_OWN: yesOrNo
    .default(false)
    .describe(
      "`yes`: the server makes an authority of its own and its certificate for the name in `HAUSWART_URL`, and renews it; see `docs/network.md`. Default: `no`.",
    ),
  HAUSWART_TLS_AT_PROXY: yesOrNo
    .default(false)
    .describe(
      "`yes` says that TLS ends at your own proxy and that nobody else reaches the port. Needs `HAUSWART_URL` with https. Default: `no`.",
    ),
  HAUSWART_TRUSTED_PROXIES: z
    .string()
    .transform((text) => text.split(",").map((part) => part.trim()))
    .refine((ranges) => ranges.every(isNetwork), "must be IP addresses or ranges like 10.0.0.0/8, with commas between")
    .optional()
    .describe(
      "Proxies whose `X-Forwarded-For` is believed, with commas between. Only with `HAUSWART_TLS_AT_PROXY`. Default: `127.0.0.1,::1`.",
    ),
  DATABASE_URL: address(["postgres", "postgresql"], "postgres://owner:password@host/hauswart")
    .optional()
    .describe(
      "Your own PostgreSQL (18 or later) in place of the embedded one. Its user must be allowed to create roles, and schemas in that database; see `docs/database.md`.",
    ),
  HAUSWART_POSTGRES_USER: z
    .string()
    .regex(/^[a-z_][a-z0-9_.-]*$/i, "must be the name of a system user")
    .optional()
    .describe(
      "System user that runs the embedded PostgreSQL when the server is started as root (PostgreSQL refuses root). Default: `hauswart` if that user exists, else `nobody`.",
    ),
  HAUSWART_SMTP_URL: address(["smtp", "smtps"], "smtp://user:password@mail.example.com:587")
    .optional()
    .describe(
      "Mail server. `smtp://` uses STARTTLS where offered, `smtps://` TLS from the start. Without it mails are kept in the console's outbox.",
    ),
  HAUSWART_MAIL_FROM: z
    .string()
    .refine((text) => emailAddress.test(/<([^<>]*)>\s*$/.exec(text)?.[1] ?? text), "must be a mail address, or Name <address>")
    .default("Hauswart <hauswart@localhost>")
    .describe("Sender of all mails. Default: `Hauswart <hauswart@localhost>`."),
  HAUSWART_IMAP_URL: address(["imap", "imaps"], "imaps://user:password@mail.example.com/INBOX")
    .refine((text) => new URL(text).username !== "" && new URL(text).password !== "", "must have a user and a password")
    .optional()
    .describe(
      "Mailbox that gets the mails to the sender's address, with its folder: `imaps://user:password@mail.example.com/INBOX`. Delivery reports are read from it, see `docs/mail.md`. `imaps://` is TLS from the start; `imap://` demands STARTTLS, unless the mail server runs on this computer. `?done=FOLDER` moves there what was understood. Default: none; then nobody notices a mail that was taken and came back later.",
    ),
  HAUSWART_ADMIN_EMAIL: z
    .string()
    .regex(emailAddress, "must be a mail address")
    .optional()
    .describe(
      "Mail address of the first owner, for scripted set-up. Needs `HAUSWART_ADMIN_PASSWORD`. Used once, when there is no account yet; otherwise a first password is made and printed.",
    ),
  HAUSWART_ADMIN_PASSWORD: z
    .string()
    .min(8, "must have at least 8 characters")
    .optional()
    .describe("Password of the first owner. Needs `HAUSWART_ADMIN_EMAIL`."),
  HAUSWART_BACKUP_DIRECTORY: z
    .string()
    .optional()
    .describe("Folder for a daily backup, best on another computer or volume. Default: none, no backup is made; see `docs/backup.md`."),
  HAUSWART_BACKUP_HOUR: wholeNumber(0, 23).default(1).describe("Hour of the daily backup, in UTC. Default: `1`."),
  HAUSWART_BACKUP_KEEP: wholeNumber(1, 1000).default(14).describe("How many daily backups are kept. Default: `14`."),
  HAUSWART_BACKUP_PASSPHRASE_FILE: z
    .string()
    .optional()
    .describe("File with the passphrase that encrypts backups. Default: none; a backup then holds all keys in the clear."),
  HAUSWART_AGENT_RELEASES: z
    .string()
    .optional()
    .describe(
      "Folder with the releases of the agent that are offered to agents, a folder for each; see `docs/agent-updates.md`. Default: `agent-releases` in the data folder.",
    ),
  HAUSWART_RELEASE_KEYS_FILE: z
    .string()
    .default("packaging/release-keys.json")
    .describe(
      "File with the public keys whose releases are offered. A relative path counts from the checkout. Default: `packaging/release-keys.json`.",
    ),
  HAUSWART_OUTSIDE_NETWORKS: z
    .string()
    .transform((text) => text.split(",").map((part) => part.trim()))
    .refine((ranges) => ranges.every(isNetwork), "must be IP addresses or ranges like 10.0.0.0/8, with commas between")
    .default([])
    .describe(
      "Private networks that the server may ask when it measures websites itself, with commas between. Default: none; it asks public addresses and none of its own.",
    ),
  HAUSWART_KEEP_SAMPLES_DAYS: wholeNumber(retentionLimits.rawSampleDays.least, retentionLimits.rawSampleDays.most)
    .default(retentionLimits.rawSampleDays.usual)
    .describe(
      "How long every single measurement is kept, in days, until the house chooses for itself under *Settings → Retention*. Default: `35`.",
    ),
  HAUSWART_KEEP_ROLLUPS_MONTHS: wholeNumber(retentionLimits.rollupMonths.least, retentionLimits.rollupMonths.most)
    .default(retentionLimits.rollupMonths.usual)
    .describe(
      "How long hourly summaries are kept, in months, until the house chooses for itself under *Settings → Retention*. Default: `13`.",
    ),
  HAUSWART_LOG_LEVEL: z
    .enum(["debug", "info", "warn", "error"], "must be debug, info, warn or error")
    .default("info")
    .describe("Least level that is logged: `debug`, `info`, `warn` or `error`. Default: `info`."),
  HAUSWART_LOG_FORMAT: z
    .enum(["json", "lines", "auto"], "must be json, lines or auto")
    .default("auto")
    .describe("`json`: one object a line; `lines`: short lines for people; `auto`: lines on a terminal, else json. Default: `auto`."),
});

type Environment = z.infer<typeof environmentSchema>;

/**
 * Reads the settings and looks whether the files in them can be read.
 * @throws SettingsError
 */
export function loadSettings(environment: Readonly<Record<string, string | undefined>> = process.env): Settings {
  const settings = parseSettings(environment);
  const files = {
    ...(settings.tls.kind === "certificate" && !settings.tls.isOwn
      ? { HAUSWART_TLS_CERT: settings.tls.certificatePath, HAUSWART_TLS_KEY: settings.tls.keyPath }
      : {}),
    ...(settings.backup?.passphraseFile ? { HAUSWART_BACKUP_PASSPHRASE_FILE: settings.backup.passphraseFile } : {}),
  };
  const problems = Object.entries(files).flatMap(([name, path]) => (isReadable(path) ? [] : [`${name}: the file ${path} cannot be read`]));
  if (problems.length > 0) throw new SettingsError(problems);
  return settings;
}

/**
 * Settings from environment variables, without looking at the computer. An empty variable counts as not set.
 * @throws SettingsError
 */
export function parseSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ""));
  const unknown = Object.keys(present).filter(
    (name) => /^HAUSWART_(?!(?:AGENT|SIMULATOR|BENCH|TEST)_)/.test(name) && !(name in environmentSchema.shape),
  );
  const parsed = environmentSchema.safeParse(present);
  const problems = [
    ...unknown.map((name) => `${name}: there is no such setting; docs/settings.md lists all`),
    ...(parsed.success ? contradictions(parsed.data) : parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`)),
  ];
  if (!parsed.success || problems.length > 0) throw new SettingsError(problems);
  return toSettings(parsed.data);
}

/** True for addresses that never leave the computer. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** Whether others than this computer are meant to reach the address in HAUSWART_URL. */
function isForOthers(url: string | undefined): boolean {
  return url !== undefined && !isLoopback(new URL(url).hostname);
}

function listenAddress({
  HAUSWART_LISTEN: host,
  HAUSWART_URL: url,
  HAUSWART_TLS_CERT: certificate,
  HAUSWART_TLS_OWN: own,
}: Environment): string {
  return host ?? ((certificate !== undefined || own) && isForOthers(url) ? "0.0.0.0" : "localhost");
}

/** Demands between settings. */
function contradictions(environment: Environment): string[] {
  const { HAUSWART_URL: url, HAUSWART_TLS_CERT: certificate, HAUSWART_TLS_KEY: key } = environment;
  const { HAUSWART_TLS_AT_PROXY: atProxy, HAUSWART_TLS_OWN: own } = environment;
  const hasFiles = certificate !== undefined && key !== undefined;
  const hasTls = hasFiles || own;
  const isHttps = url?.startsWith("https:") ?? hasTls;
  const isPublic = !isLoopback(listenAddress(environment)) || isForOthers(url);
  const problems: [boolean, string][] = [
    [(certificate === undefined) !== (key === undefined), "HAUSWART_TLS_CERT and HAUSWART_TLS_KEY belong together: set both or neither"],
    [hasFiles && atProxy, "HAUSWART_TLS_AT_PROXY says that TLS ends at a proxy, and HAUSWART_TLS_CERT that it ends here: set one of them"],
    [own && atProxy, "HAUSWART_TLS_AT_PROXY says that TLS ends at a proxy, and HAUSWART_TLS_OWN that it ends here: set one of them"],
    [
      own && (certificate !== undefined || key !== undefined),
      "HAUSWART_TLS_OWN says that the server makes its certificate, and HAUSWART_TLS_CERT that there is one: set one of them",
    ],
    [hasFiles && !isHttps, "HAUSWART_URL: must start with https, because HAUSWART_TLS_CERT is set"],
    [own && !isHttps, "HAUSWART_URL: must start with https, because HAUSWART_TLS_OWN is set"],
    [atProxy && url === undefined, "HAUSWART_URL: must be set to the proxy's https address when HAUSWART_TLS_AT_PROXY is yes"],
    [atProxy && url !== undefined && !isHttps, "HAUSWART_URL: must start with https when TLS ends at the proxy"],
    [
      isHttps && !hasTls && !atProxy,
      "HAUSWART_URL starts with https, but there is no certificate: set HAUSWART_TLS_OWN=yes for one of the server's own, HAUSWART_TLS_CERT and HAUSWART_TLS_KEY for yours, or HAUSWART_TLS_AT_PROXY=yes",
    ],
    [
      isPublic && !isHttps && !hasTls && !atProxy,
      "Plain HTTP is for this computer only: for other computers set HAUSWART_URL with https and HAUSWART_TLS_OWN=yes, HAUSWART_TLS_CERT and HAUSWART_TLS_KEY, or HAUSWART_TLS_AT_PROXY=yes if TLS ends at your proxy",
    ],
    [
      isPublic && hasTls && url === undefined,
      "HAUSWART_URL: must be set to the address that other computers use, because HAUSWART_LISTEN lets them in",
    ],
    [
      environment.HAUSWART_TRUSTED_PROXIES !== undefined && !atProxy,
      "HAUSWART_TRUSTED_PROXIES: has a meaning only with HAUSWART_TLS_AT_PROXY=yes",
    ],
    [
      (environment.HAUSWART_ADMIN_EMAIL === undefined) !== (environment.HAUSWART_ADMIN_PASSWORD === undefined),
      "HAUSWART_ADMIN_EMAIL and HAUSWART_ADMIN_PASSWORD belong together: set both or neither",
    ],
  ];
  return problems.filter(([wrong]) => wrong).map(([, sentence]) => sentence);
}

function tlsSettings(environment: Environment, dataDirectory: string): TlsSettings {
  const { HAUSWART_TLS_CERT: certificate, HAUSWART_TLS_KEY: key } = environment;
  if (environment.HAUSWART_TLS_OWN) {
    const own = ownFiles(dataDirectory);
    return { kind: "certificate", certificatePath: own.certificate, keyPath: own.key, isOwn: true };
  }
  if (certificate !== undefined && key !== undefined)
    return { kind: "certificate", certificatePath: resolve(certificate), keyPath: resolve(key) };
  return { kind: environment.HAUSWART_TLS_AT_PROXY ? "at-proxy" : "none" };
}

function toSettings(environment: Environment): Settings {
  const { HAUSWART_ADMIN_EMAIL: email, HAUSWART_ADMIN_PASSWORD: password, HAUSWART_TLS_AT_PROXY: atProxy } = environment;
  const dataDirectory = resolve(repositoryRoot, environment.HAUSWART_DATA);
  const tls = tlsSettings(environment, dataDirectory);
  return {
    url: environment.HAUSWART_URL ?? `${tls.kind === "certificate" ? "https" : "http"}://localhost:${environment.HAUSWART_PORT}`,
    dataDirectory,
    masterKeyFile: environment.HAUSWART_MASTER_KEY_FILE === undefined ? undefined : resolve(environment.HAUSWART_MASTER_KEY_FILE),
    host: listenAddress(environment),
    port: environment.HAUSWART_PORT,
    tls,
    trustedProxies: atProxy ? (environment.HAUSWART_TRUSTED_PROXIES ?? ["127.0.0.1", "::1"]) : [],
    databaseUrl: environment.DATABASE_URL,
    postgresUser: environment.HAUSWART_POSTGRES_USER,
    smtpUrl: environment.HAUSWART_SMTP_URL,
    mailFrom: environment.HAUSWART_MAIL_FROM,
    imapUrl: environment.HAUSWART_IMAP_URL,
    admin: email !== undefined && password !== undefined ? { email, password } : undefined,
    backup: backupSettings(environment),
    releases: {
      directory: resolve(repositoryRoot, environment.HAUSWART_AGENT_RELEASES ?? `${environment.HAUSWART_DATA}/agent-releases`),
      keysFile: resolve(repositoryRoot, environment.HAUSWART_RELEASE_KEYS_FILE),
    },
    outsideNetworks: environment.HAUSWART_OUTSIDE_NETWORKS,
    keepSamplesDays: environment.HAUSWART_KEEP_SAMPLES_DAYS,
    keepRollupsMonths: environment.HAUSWART_KEEP_ROLLUPS_MONTHS,
    logLevel: environment.HAUSWART_LOG_LEVEL,
    logFormat: environment.HAUSWART_LOG_FORMAT,
  };
}

function backupSettings(environment: Environment): BackupSettings | undefined {
  const { HAUSWART_BACKUP_DIRECTORY: directory, HAUSWART_BACKUP_PASSPHRASE_FILE: passphraseFile } = environment;
  if (directory === undefined) return undefined;
  return {
    directory: resolve(directory),
    hour: environment.HAUSWART_BACKUP_HOUR,
    keep: environment.HAUSWART_BACKUP_KEEP,
    passphraseFile: passphraseFile === undefined ? undefined : resolve(passphraseFile),
  };
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

function isNetwork(text: string): boolean {
  const [network = "", prefix, ...rest] = text.split("/");
  const version = isIP(network);
  if (version === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128));
}
