/** The proxy that a computer's administrator has set for all of its programs, as each system writes it down. */

/** What the system wishes, in the words of the environment; empty where it says nothing. A script stands as pac+ADDRESS. */
export interface SystemProxy {
  readonly https_proxy: string;
  readonly no_proxy: string;
}

export const noSystemProxy: SystemProxy = { https_proxy: "", no_proxy: "" };

const scriptOf = (address: string) => (/^(https?|file):/.test(address) ? `pac+${address}` : "");

/**
 * Linux: /etc/environment (pam_env(8): NAME=value, perhaps with `export` and quotes), or /etc/sysconfig/proxy (SUSE), which has a switch.
 * A service gets neither in its environment.
 */
export function linuxProxy(text: string): SystemProxy {
  const values = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, name, value] = /^\s*(?:export\s+)?([A-Za-z_]+)=(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) values.set(name.toLowerCase(), value.replace(/^(["'])(.*)\1$/, "$2"));
  }
  if (values.get("proxy_enabled")?.toLowerCase() === "no") return noSystemProxy;
  return { https_proxy: values.get("https_proxy") || values.get("all_proxy") || "", no_proxy: values.get("no_proxy") ?? "" };
}

/** macOS: what `scutil --proxy` prints. A script wins over a fixed proxy, as it does there. */
export function macosProxy(output: string): SystemProxy {
  const value = (name: string) => new RegExp(`^\\s*${name} : (.*)$`, "m").exec(output)?.[1]?.trim() ?? "";
  const exceptions = /ExceptionsList : <array> \{([^}]*)\}/.exec(output)?.[1] ?? "";
  const no_proxy = [...exceptions.matchAll(/^\s*\d+ : (.*)$/gm)].map(([, name]) => name!.trim()).join(",");
  if (value("ProxyAutoConfigEnable") === "1") return { https_proxy: scriptOf(value("ProxyAutoConfigURLString")), no_proxy };
  if (value("HTTPSEnable") !== "1" || value("HTTPSProxy") === "") return noSystemProxy;
  return { https_proxy: `http://${value("HTTPSProxy")}:${value("HTTPSPort") || "443"}`, no_proxy };
}

/** Windows: the values of the machine's Internet Settings. ProxyServer is HOST:PORT, or PROTOCOL=HOST:PORT;… */
export function windowsProxy(value: (name: string) => string): SystemProxy {
  const no_proxy = value("ProxyOverride")
    .split(";")
    .filter((name) => name !== "" && name !== "<local>")
    .join(",");
  const script = scriptOf(value("AutoConfigURL"));
  if (script) return { https_proxy: script, no_proxy };
  if (Number(value("ProxyEnable")) !== 1) return noSystemProxy;
  const servers = value("ProxyServer").split(";");
  const server = servers.find((each) => each.startsWith("https="))?.slice("https=".length) ?? servers.find((each) => !each.includes("="));
  return { https_proxy: server ? (server.includes("://") ? server : `http://${server}`) : "", no_proxy };
}
