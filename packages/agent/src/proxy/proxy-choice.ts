/**
 * Which proxy the link goes through. Settings win; without them the environment counts. `pac+https://…` names a script that
 * chooses (see pac.ts). Credentials stand in the proxy's address and are shown nowhere.
 */
import { isLoopback } from "../identity/server-address.ts";

/** A proxy setting that cannot be used, with the reason for a person. */
export class ProxyError extends Error {
  override readonly name = "ProxyError";
}

export type ProxySetting =
  | { kind: "direct" }
  | { kind: "proxy"; url: string }
  /** Where the script lies; credentials that are given to the proxy that it chooses. */
  | { kind: "script"; location: string; userName: string; password: string };

/** The environment's wishes; names in either case. Read once, at start. */
export type ProxyEnvironment = Readonly<Record<"https_proxy" | "all_proxy" | "no_proxy", string>>;

const proxyKinds = ["http:", "https:"];

/**
 * Understands `--proxy`: http://user:password@host:port, https://…, pac+https://…, pac+http://…, pac+file:///…, or direct.
 * @throws ProxyError
 */
export function parseProxySetting(text: string): ProxySetting {
  if (text === "direct") return { kind: "direct" };
  const isScript = text.startsWith("pac+");
  let url: URL;
  try {
    url = new URL(isScript ? text.slice("pac+".length) : text.includes("://") ? text : `http://${text}`);
  } catch {
    throw new ProxyError("The proxy is not an address such as http://proxy.example.org:3128.");
  }
  const kinds = isScript ? [...proxyKinds, "file:"] : proxyKinds;
  if (!kinds.includes(url.protocol))
    throw new ProxyError(`A proxy's address begins with http://, https:// or pac+; ${url.protocol}// is not supported.`);
  if (!isScript) return { kind: "proxy", url: url.href };
  const { username, password } = url;
  url.username = "";
  url.password = "";
  return { kind: "script", location: url.href, userName: username, password };
}

/** Takes the proxy settings out of the environment. They are removed from it, because the runtime's own fetch would follow them even where we decided otherwise. */
export function takeProxyEnvironment(environment: Record<string, string | undefined>): ProxyEnvironment {
  const take = (name: string) => {
    const value = environment[name] ?? environment[name.toUpperCase()] ?? "";
    delete environment[name];
    delete environment[name.toUpperCase()];
    return value.trim();
  };
  take("http_proxy"); // plain HTTP goes to loopback only, and never through a proxy
  return { https_proxy: take("https_proxy"), all_proxy: take("all_proxy"), no_proxy: take("no_proxy") };
}

/**
 * What holds for a server.
 * @param setting as stored at enrolment; undefined leaves it to the environment.
 * @throws ProxyError
 */
export function chooseProxy(serverUrl: string, setting: string | undefined, environment: ProxyEnvironment): ProxySetting {
  const { hostname, protocol, port } = new URL(serverUrl);
  if (protocol === "http:" || protocol === "ws:") return { kind: "direct" };
  if (setting !== undefined) return parseProxySetting(setting);
  const wished = environment.https_proxy || environment.all_proxy;
  if (!wished || isLoopback(hostname) || isExempt(hostname, port || "443", environment.no_proxy)) return { kind: "direct" };
  return parseProxySetting(wished);
}

/**
 * NO_PROXY as curl and Go read it: names (with all names below them), addresses, `*`, each perhaps with a port; separated by
 * commas or spaces. IPv6 addresses with or without brackets.
 */
export function isExempt(hostname: string, port: string, noProxy: string): boolean {
  const host = bare(hostname);
  return noProxy
    .toLowerCase()
    .split(/[,\s]+/)
    .filter(Boolean)
    .some((entry) => {
      if (entry === "*") return true;
      const withPort = /^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(entry);
      if (withPort && withPort[2] !== port) return false;
      const domain = bare(withPort?.[1] ?? entry).replace(/^\*?\./, "");
      return host === domain || host.endsWith(`.${domain}`);
    });
}

const bare = (hostname: string) => hostname.toLowerCase().replace(/^\[(.*)\]$/, "$1");

/** A proxy for people's eyes: without credentials. */
export function describeProxy(setting: ProxySetting): string {
  if (setting.kind === "direct") return "none";
  const url = new URL(setting.kind === "proxy" ? setting.url : setting.location);
  url.username = "";
  url.password = "";
  return setting.kind === "proxy" ? url.origin : `chosen by ${url.href}`;
}
