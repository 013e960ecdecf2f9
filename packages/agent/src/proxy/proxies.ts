/** Turns a proxy setting into the list that the link tries in order. */
import type { ProxySetting } from "./proxy-choice.ts";

/** @returns for each attempt to connect: proxies to try; undefined in the list means without one. */
export function proxiesFor(setting: ProxySetting, serverUrl: string): () => Promise<readonly (string | undefined)[]> {
  if (setting.kind === "direct") return async () => [undefined];
  if (setting.kind === "proxy") return async () => [setting.url];
  return async () => {
    // Loaded only where a script is used: the sandbox takes several megabytes.
    const { runProxyScript } = await import("./pac.ts");
    return runProxyScript(setting, serverUrl);
  };
}
