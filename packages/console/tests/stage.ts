/** The stage of the browser tests: the built console on the API double, a browser, a reader who has signed in. */
import { openBrowser, watchPage, type PageLog, type TestBrowser } from "@hauswart/testkit/browser.ts";
import type { BrowserContextOptions, Page, Request } from "playwright-core";
import { buildConsole } from "../../../tools/build-console.ts";
import { makeDouble, type Double } from "../dev/double.ts";
import type { WorldOptions } from "../dev/world.ts";
import { openSession, restoreOpenSession } from "../dev/people.ts";
import { patienceMs } from "./shows.ts";

export interface Stage {
  readonly base: string;
  readonly double: Double;
  /** A page of a reader who has signed in, on this address of the console. */
  open(path: string, options?: BrowserContextOptions): Promise<{ page: Page; log: PageLog }>;
  /** Takes a page of `open` to another address as that of somebody who comes anew: signed in, nothing remembered. A third of the cost of another page. */
  reopen(page: Page, path: string): Promise<void>;
  /** Closes every page that is still open. */
  closePages(): Promise<void>;
  stop(): Promise<void>;
}

/** Builds the console if it is stale, and starts double and browser. @param options what the double's world is like. */
export async function setStage(options: WorldOptions = {}): Promise<Stage> {
  const { dist } = await buildConsole();
  const double = makeDouble({ ...options, dist });
  const server = Bun.serve({ hostname: "127.0.0.1", port: 0, idleTimeout: 0, fetch: (request) => double.answer(request) });
  const browser: TestBrowser = await openBrowser();
  // By name, because browsers have no passkeys under an IP address.
  const base = `http://localhost:${server.port}`;
  const pages = new Set<Page>();
  const signIn = async (page: Page): Promise<void> => {
    restoreOpenSession(double.world.people, double.world.nowMs());
    await page.context().addCookies([{ name: "hauswart-session", value: openSession, url: base, httpOnly: true, sameSite: "Strict" }]);
  };
  return {
    base,
    double,
    async open(path, options = {}) {
      const page = await browser.newPage({
        viewport: { width: 1280, height: 860 },
        locale: "de-DE",
        timezoneId: "Europe/Berlin",
        reducedMotion: "reduce",
        ...options,
      });
      await signIn(page);
      pages.add(page);
      noteRequests(page);
      const log = watchPage(page);
      await visit(page, base + path);
      return { page, log };
    },
    async reopen(page, path) {
      await page.evaluate(() => {
        localStorage.clear();
        sessionStorage.clear();
      });
      await signIn(page);
      // By way of nowhere: the same address with another fragment alone would not be loaded anew.
      await page.goto("about:blank");
      await visit(page, base + path);
    },
    async closePages() {
      await Promise.all([...pages].map((page) => page.context().close()));
      pages.clear();
    },
    async stop() {
      await browser.close();
      await server.stop(true);
    },
  };
}

/** Opens an address and waits until the page says what it is. */
async function visit(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.locator("h1").first().waitFor();
}

interface Asked {
  /** Requests so far. */
  count: number;
  readonly underWay: Set<Request>;
}

const askedBy = new WeakMap<Page, Asked>();

/** Notes what the page asks for; the live stream is never answered to its end. */
function noteRequests(page: Page): void {
  const asked: Asked = { count: 0, underWay: new Set() };
  askedBy.set(page, asked);
  page.on("request", (request) => {
    asked.count++;
    if (!request.url().endsWith("/api/v1/events")) asked.underWay.add(request);
  });
  for (const ended of ["requestfinished", "requestfailed"] as const)
    page.on(ended as "requestfinished", (request) => asked.underWay.delete(request));
}

/** Waits until a page of `open` has all answers, and has asked for nothing more for a moment. */
export async function settle(page: Page): Promise<void> {
  const asked = askedBy.get(page)!;
  const endMs = performance.now() + patienceMs;
  for (;;) {
    const before = asked.count;
    // By the page's own clock: what has come is drawn by then, and has asked for what it leads to.
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 250)))));
    if (asked.underWay.size === 0 && asked.count === before) return;
    if (performance.now() > endMs)
      throw new Error(`Still waits for ${[...asked.underWay].map((request) => request.url()).join(", ") || "more"}.`);
  }
}
