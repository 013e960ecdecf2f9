/**
 * Proxy auto-configuration: a script (PAC) that chooses by address. It is somebody else's program, so it runs in a sandbox
 * with limits of memory and time, and sees nothing but the functions of the PAC convention.
 */
import { readFile } from "node:fs/promises";
import { createPacResolver } from "pac-resolver";
import { QuickJS } from "quickjs-wasi";
import { ProxyError, type ProxySetting } from "./proxy-choice.ts";
import { sandboxPath } from "./sandbox-file.ts";

const scriptLimitBytes = 1024 * 1024;
const loadLimitMs = 10_000;
const runLimitMs = 10_000;
const memoryLimitBytes = 32 * 1024 * 1024;
/** How long a loaded script holds. */
const keepMs = 10 * 60_000;

type Script = Extract<ProxySetting, { kind: "script" }>;

let loaded: { location: string; text: string; atMs: number } | undefined;

/**
 * Asks the script for a server. @returns proxies to try in order; undefined means without one.
 * @throws ProxyError when the script cannot be had, fails, takes too long, or offers nothing that we can use.
 */
export async function runProxyScript(script: Script, serverUrl: string): Promise<(string | undefined)[]> {
  const text = await loadScript(script.location);
  // Scripts choose by the address of a web page.
  const url = serverUrl.replace(/^ws/, "http");
  const answer = await evaluate(text, url);
  const proxies = parseAnswer(answer, script);
  if (proxies.length === 0) throw new ProxyError(`The proxy script offers nothing that can be used ("${answer.slice(0, 200)}").`);
  return proxies;
}

async function loadScript(location: string): Promise<string> {
  if (loaded?.location === location && Date.now() - loaded.atMs < keepMs) return loaded.text;
  try {
    const text = location.startsWith("file:") ? await readFile(new URL(location), "utf8") : await download(location);
    if (text.length > scriptLimitBytes) throw new Error("it is too large");
    loaded = { location, text, atMs: Date.now() };
    return text;
  } catch (error) {
    if (loaded?.location === location) return loaded.text; // the one that worked before
    throw new ProxyError(`The proxy script ${location} cannot be loaded: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function download(location: string): Promise<string> {
  const response = await fetch(location, { signal: AbortSignal.timeout(loadLimitMs) });
  if (!response.ok) throw new Error(`status ${response.status}`);
  let text = "";
  const decoder = new TextDecoder();
  for await (const part of response.body ?? []) {
    text += decoder.decode(part, { stream: true });
    if (text.length > scriptLimitBytes) throw new Error("it is too large");
  }
  return text;
}

async function evaluate(text: string, url: string): Promise<string> {
  const endMs = performance.now() + runLimitMs;
  const sandbox = await QuickJS.create({
    wasm: await readFile(sandboxPath()),
    memoryLimit: memoryLimitBytes,
    interruptHandler: () => performance.now() > endMs,
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    // The script's messages are nobody's business.
    const find = createPacResolver(sandbox, text, { sandbox: { alert: () => {} } });
    const tooLong = new Promise<never>((_, reject) => (timer = setTimeout(() => reject(new Error("it takes too long")), runLimitMs)));
    return String(await Promise.race([find(url), tooLong]));
  } catch (error) {
    throw new ProxyError(`The proxy script fails: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    clearTimeout(timer);
    sandbox.dispose();
  }
}

/** Understands "PROXY host:port; HTTPS host:port; DIRECT". SOCKS is passed over: the runtime's WebSocket does not speak it. */
export function parseAnswer(answer: string, { userName, password }: Pick<Script, "userName" | "password">): (string | undefined)[] {
  return answer.split(";").flatMap((entry): (string | undefined)[] => {
    const [kind = "", address = ""] = entry.trim().split(/\s+/);
    if (kind.toUpperCase() === "DIRECT") return [undefined];
    const scheme = { PROXY: "http", HTTP: "http", HTTPS: "https" }[kind.toUpperCase()];
    if (!scheme || !address) return [];
    try {
      const url = new URL(`${scheme}://${address}`);
      url.username = userName;
      url.password = password;
      return [url.href];
    } catch {
      return [];
    }
  });
}
