/**
 * A browser per test: Debian's Chromium, its headless shell where there is one, driven by playwright-core, with an empty profile and
 * no background traffic of its own. `whyNoBrowser` in needs.ts says why there is none.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { chromiumPath } from "./needs.ts";
import type { OwnNetwork } from "./nspawn-remains.ts";

/** Headless and quiet: nothing but what a test asks for leaves the browser. */
const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
] as const;

export interface TestBrowser {
  /** A page in a context of its own: no cookies, no storage. */
  newPage(options?: BrowserContextOptions): Promise<Page>;
  close(): Promise<void>;
}

/**
 * Starts a browser. Throws where there is none; ask `whyNoBrowser` first. @param network where it stands; this computer's when left out,
 * where it breaks off what it is loading whenever an interface comes or goes
 */
export async function openBrowser(network?: OwnNetwork): Promise<TestBrowser> {
  const program = chromiumPath();
  if (program === undefined) throw new Error("no chromium on this machine");
  const browser = await (network ? launchIn(network, program) : launch(program));
  return {
    async newPage(options = {}) {
      const context = await browser.newContext(options);
      const page = await context.newPage();
      page.on("close", () => void context.close().catch(() => undefined));
      return page;
    },
    close: () => browser.close(),
  };
}

const launch = (executablePath: string): Promise<Browser> => chromium.launch({ executablePath, args: [...flags] });

async function launchIn(network: OwnNetwork, program: string): Promise<Browser> {
  const folder = mkdtempSync(join(tmpdir(), "hauswart-browser-"));
  try {
    const within = join(folder, "browser-in-network");
    writeFileSync(within, `#!/bin/sh\nexec nsenter --net='/run/netns/${network.name}' '${program}' "$@"\n`, { mode: 0o755 });
    return await launch(within);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export interface PageLog {
  /** Errors of the page's scripts, messages of level error, and breaches of the content policy. */
  readonly errors: string[];
}

/** Notes whatever the page complains about. Call it before the first visit. */
export function watchPage(page: Page): PageLog {
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  return { errors };
}
