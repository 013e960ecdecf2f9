import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { loadSettings, parseSettings, SettingsError } from "./settings.ts";

type Environment = Record<string, string | undefined>;

/** What is wrong, or "fine". */
function verdict(environment: Environment): readonly string[] | "fine" {
  try {
    parseSettings(environment);
    return "fine";
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
}

const certificate = { HAUSWART_TLS_CERT: "/etc/tls/chain.pem", HAUSWART_TLS_KEY: "/etc/tls/key.pem" };
const atProxy = { HAUSWART_TLS_AT_PROXY: "yes", HAUSWART_URL: "https://hauswart.example.com" };
const plainHttp =
  "Plain HTTP is for this computer only: for other computers set HAUSWART_URL with https and HAUSWART_TLS_OWN=yes, HAUSWART_TLS_CERT and HAUSWART_TLS_KEY, or HAUSWART_TLS_AT_PROXY=yes if TLS ends at your proxy";

describe("defaults", () => {
  test("nothing set: loopback, embedded database, outbox", () => {
    const settings = parseSettings({});
    expect(settings).toMatchObject({
      url: "http://localhost:8080",
      host: "localhost",
      port: 8080,
      tls: { kind: "none" },
      trustedProxies: [],
      databaseUrl: undefined,
      smtpUrl: undefined,
      imapUrl: undefined,
      admin: undefined,
      keepSamplesDays: 35,
      keepRollupsMonths: 13,
    });
    expect(isAbsolute(settings.dataDirectory) && settings.dataDirectory.endsWith("/data")).toBe(true);
  });

  test("an empty variable counts as not set", () => {
    expect(parseSettings({ HAUSWART_URL: "", HAUSWART_SMTP_URL: "", HAUSWART_PORT: "" })).toEqual(parseSettings({}));
  });

  test.each<[string, Environment, Partial<ReturnType<typeof parseSettings>>]>([
    ["the port is in the address", { HAUSWART_PORT: "9000" }, { port: 9000, url: "http://localhost:9000" }],
    ["the address loses its slash", { HAUSWART_URL: "http://localhost:8080/" }, { url: "http://localhost:8080" }],
    [
      "a certificate makes https",
      certificate,
      {
        url: "https://localhost:8080",
        host: "localhost",
        tls: { kind: "certificate", certificatePath: "/etc/tls/chain.pem", keyPath: "/etc/tls/key.pem" },
      },
    ],
    [
      "a certificate and an address for others open all interfaces",
      { ...certificate, HAUSWART_URL: "https://hauswart.example.com" },
      { host: "0.0.0.0" },
    ],
    [
      "a certificate of the server's own opens them as well, and lies among its secrets",
      { HAUSWART_TLS_OWN: "yes", HAUSWART_URL: "https://192.0.2.7:8080", HAUSWART_DATA: "/srv/hauswart" },
      {
        host: "0.0.0.0",
        tls: {
          kind: "certificate",
          certificatePath: "/srv/hauswart/secrets/own-certificate.crt",
          keyPath: "/srv/hauswart/secrets/own-certificate.key",
          isOwn: true,
        },
      },
    ],
    [
      "a certificate of the server's own for this computer alone",
      { HAUSWART_TLS_OWN: "yes" },
      { url: "https://localhost:8080", host: "localhost" },
    ],
    [
      "an own listening address wins",
      { ...certificate, HAUSWART_URL: "https://hauswart.example.com", HAUSWART_LISTEN: "192.0.2.7" },
      { host: "192.0.2.7" },
    ],
    [
      "a proxy on this computer is trusted, and nobody else reaches the port",
      atProxy,
      { tls: { kind: "at-proxy" }, host: "localhost", trustedProxies: ["127.0.0.1", "::1"] },
    ],
    [
      "proxies elsewhere are named",
      { ...atProxy, HAUSWART_LISTEN: "0.0.0.0", HAUSWART_TRUSTED_PROXIES: "10.0.0.0/8, 2001:db8::/32" },
      { trustedProxies: ["10.0.0.0/8", "2001:db8::/32"] },
    ],
    [
      "the first owner",
      { HAUSWART_ADMIN_EMAIL: "owner@example.com", HAUSWART_ADMIN_PASSWORD: "long enough" },
      { admin: { email: "owner@example.com", password: "long enough" } },
    ],
    ["a sender with a name", { HAUSWART_MAIL_FROM: "IT House <alarm@example.com>" }, { mailFrom: "IT House <alarm@example.com>" }],
  ])("%s", (_, environment, expected) => {
    expect(parseSettings(environment)).toMatchObject(expected);
  });
});

describe("plain HTTP only on loopback", () => {
  test.each<[Environment, readonly string[] | "fine"]>([
    [{}, "fine"],
    [{ HAUSWART_LISTEN: "::1" }, "fine"],
    [{ HAUSWART_LISTEN: "localhost" }, "fine"],
    [{ HAUSWART_LISTEN: "127.0.0.2" }, "fine"],
    [{ HAUSWART_URL: "http://[::1]:8080" }, "fine"],
    [{ HAUSWART_LISTEN: "0.0.0.0" }, [plainHttp]],
    [{ HAUSWART_LISTEN: "::" }, [plainHttp]],
    [{ HAUSWART_LISTEN: "192.0.2.7" }, [plainHttp]],
    [{ HAUSWART_URL: "http://hauswart.example.com" }, [plainHttp]],
    [{ HAUSWART_URL: "http://127.0.0.1.example.com" }, [plainHttp]],
    [certificate, "fine"],
    [{ ...certificate, HAUSWART_LISTEN: "0.0.0.0", HAUSWART_URL: "https://hauswart.example.com" }, "fine"],
    [atProxy, "fine"],
    [{ ...atProxy, HAUSWART_LISTEN: "0.0.0.0" }, "fine"],
  ])("%j", (environment, expected) => {
    expect(verdict(environment)).toEqual(expected);
  });
});

describe("mistakes, one sentence each", () => {
  test.each<[Environment, string]>([
    [{ HAUSWART_URL: "hauswart.example.com" }, "HAUSWART_URL: must be an address like https://hauswart.example.com"],
    [{ HAUSWART_URL: "ftp://hauswart.example.com" }, "HAUSWART_URL: must be an address like https://hauswart.example.com"],
    [{ HAUSWART_URL: "http://127.0.0.1:8080/console" }, "HAUSWART_URL: must be an address without a path"],
    [{ HAUSWART_URL: "http://127.0.0.1:8080?x=1" }, "HAUSWART_URL: must be an address without a path"],
    [{ HAUSWART_PORT: "http" }, "HAUSWART_PORT: must be a whole number from 0 to 65535"],
    [{ HAUSWART_PORT: "65536" }, "HAUSWART_PORT: must be a whole number from 0 to 65535"],
    [{ HAUSWART_PORT: "-1" }, "HAUSWART_PORT: must be a whole number from 0 to 65535"],
    [{ HAUSWART_PORT: "80.5" }, "HAUSWART_PORT: must be a whole number from 0 to 65535"],
    [{ HAUSWART_LISTEN: "eth0" }, "HAUSWART_LISTEN: must be an IP address, for example 0.0.0.0 for all interfaces"],
    [{ DATABASE_URL: "mysql://host/x" }, "DATABASE_URL: must be an address like postgres://owner:password@host/hauswart"],
    [{ HAUSWART_SMTP_URL: "mail.example.com:25" }, "HAUSWART_SMTP_URL: must be an address like smtp://user:password@mail.example.com:587"],
    [
      { HAUSWART_IMAP_URL: "pop3://me:pw@mail.example.com" },
      "HAUSWART_IMAP_URL: must be an address like imaps://user:password@mail.example.com/INBOX",
    ],
    [{ HAUSWART_IMAP_URL: "imaps://mail.example.com/INBOX" }, "HAUSWART_IMAP_URL: must have a user and a password"],
    [{ HAUSWART_MAIL_FROM: "Hauswart" }, "HAUSWART_MAIL_FROM: must be a mail address, or Name <address>"],
    [{ HAUSWART_TLS_CERT: "/etc/tls/chain.pem" }, "HAUSWART_TLS_CERT and HAUSWART_TLS_KEY belong together: set both or neither"],
    [{ HAUSWART_TLS_KEY: "/etc/tls/key.pem" }, "HAUSWART_TLS_CERT and HAUSWART_TLS_KEY belong together: set both or neither"],
    [{ ...certificate, HAUSWART_URL: "http://127.0.0.1:8080" }, "HAUSWART_URL: must start with https, because HAUSWART_TLS_CERT is set"],
    [
      { ...certificate, HAUSWART_LISTEN: "0.0.0.0" },
      "HAUSWART_URL: must be set to the address that other computers use, because HAUSWART_LISTEN lets them in",
    ],
    [
      { ...certificate, ...atProxy },
      "HAUSWART_TLS_AT_PROXY says that TLS ends at a proxy, and HAUSWART_TLS_CERT that it ends here: set one of them",
    ],
    [
      { HAUSWART_URL: "https://hauswart.example.com" },
      "HAUSWART_URL starts with https, but there is no certificate: set HAUSWART_TLS_OWN=yes for one of the server's own, HAUSWART_TLS_CERT and HAUSWART_TLS_KEY for yours, or HAUSWART_TLS_AT_PROXY=yes",
    ],
    [
      { ...atProxy, HAUSWART_TLS_OWN: "yes" },
      "HAUSWART_TLS_AT_PROXY says that TLS ends at a proxy, and HAUSWART_TLS_OWN that it ends here: set one of them",
    ],
    [
      { ...certificate, HAUSWART_TLS_OWN: "yes" },
      "HAUSWART_TLS_OWN says that the server makes its certificate, and HAUSWART_TLS_CERT that there is one: set one of them",
    ],
    [
      { HAUSWART_TLS_OWN: "yes", HAUSWART_URL: "http://127.0.0.1:8080" },
      "HAUSWART_URL: must start with https, because HAUSWART_TLS_OWN is set",
    ],
    [{ HAUSWART_TLS_AT_PROXY: "yes" }, "HAUSWART_URL: must be set to the proxy's https address when HAUSWART_TLS_AT_PROXY is yes"],
    [{ HAUSWART_TLS_AT_PROXY: "yes", HAUSWART_URL: "http://127.0.0.1" }, "HAUSWART_URL: must start with https when TLS ends at the proxy"],
    [{ HAUSWART_TLS_AT_PROXY: "maybe" }, "HAUSWART_TLS_AT_PROXY: must be yes or no"],
    [{ HAUSWART_TRUSTED_PROXIES: "10.0.0.1" }, "HAUSWART_TRUSTED_PROXIES: has a meaning only with HAUSWART_TLS_AT_PROXY=yes"],
    [
      { ...atProxy, HAUSWART_TRUSTED_PROXIES: "proxy.example.com" },
      "HAUSWART_TRUSTED_PROXIES: must be IP addresses or ranges like 10.0.0.0/8, with commas between",
    ],
    [
      { ...atProxy, HAUSWART_TRUSTED_PROXIES: "10.0.0.0/33" },
      "HAUSWART_TRUSTED_PROXIES: must be IP addresses or ranges like 10.0.0.0/8, with commas between",
    ],
    [
      { HAUSWART_ADMIN_EMAIL: "owner@example.com" },
      "HAUSWART_ADMIN_EMAIL and HAUSWART_ADMIN_PASSWORD belong together: set both or neither",
    ],
    [{ HAUSWART_ADMIN_EMAIL: "owner", HAUSWART_ADMIN_PASSWORD: "long enough" }, "HAUSWART_ADMIN_EMAIL: must be a mail address"],
    [
      { HAUSWART_ADMIN_EMAIL: "owner@example.com", HAUSWART_ADMIN_PASSWORD: "short" },
      "HAUSWART_ADMIN_PASSWORD: must have at least 8 characters",
    ],
    [{ HAUSWART_KEEP_SAMPLES_DAYS: "0" }, "HAUSWART_KEEP_SAMPLES_DAYS: must be a whole number from 1 to 3660"],
    [{ HAUSWART_LOG_LEVEL: "loud" }, "HAUSWART_LOG_LEVEL: must be debug, info, warn or error"],
    [{ HAUSWART_POSTGRES_USER: "a b" }, "HAUSWART_POSTGRES_USER: must be the name of a system user"],
    [{ HAUSWART_SMTP_URI: "smtp://mail.example.com" }, "HAUSWART_SMTP_URI: there is no such setting; docs/settings.md lists all"],
  ])("%j", (environment, sentence) => {
    expect(verdict(environment)).toEqual([sentence]);
  });

  test("all of them are said at once, and no sentence repeats a secret", () => {
    const problems = verdict({
      HAUSWART_PORT: "x",
      HAUSWART_ADMIN_PASSWORD: "hunter2",
      DATABASE_URL: "mysql://u:hunter2@host/x",
      HAUSWART_SMTP_URL: "http://u:hunter2@host",
    });
    expect(problems).toHaveLength(4);
    expect(String(problems)).not.toContain("hunter2");
  });

  test("variables of other programs are left alone", () => {
    expect(verdict({ HAUSWART_AGENT_TOKEN: "x", HAUSWART_TEST_CHROMIUM: "/usr/bin/chromium", PATH: "/bin", TLS_CERT: "x" })).toBe("fine");
  });
});

describe("files", () => {
  let folder: string;
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "hauswart-settings-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  test("a certificate that cannot be read is told by its setting", () => {
    writeFileSync(join(folder, "key.pem"), "");
    const environment = { HAUSWART_TLS_CERT: join(folder, "chain.pem"), HAUSWART_TLS_KEY: join(folder, "key.pem") };
    expect(() => loadSettings(environment)).toThrow(`HAUSWART_TLS_CERT: the file ${join(folder, "chain.pem")} cannot be read`);
    writeFileSync(join(folder, "chain.pem"), "");
    expect(loadSettings(environment).tls.kind).toBe("certificate");
  });
});
