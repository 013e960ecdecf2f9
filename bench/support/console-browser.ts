/**
 * The console in Chromium, on a real server over TLS. Each visit has a browser context of its own: nothing is cached but the
 * session's cookie. `interactiveMs` is the time from entering the address until the overview's figures stand there and the live
 * stream has been opened, as the median of the visits. `firstLoadKbGzip` is the sum of the bodies of all files of the console
 * (page, scripts, styles, fonts; answers of the API are not counted), as gzip packs them at level 9, in kB of 1,000 bytes.
 */
import { gzipSync } from "node:zlib";
import { openBrowser, type TestBrowser } from "@hauswart/testkit/browser.ts";
import { buildConsole } from "../../tools/build-console.ts";
import { percentile, rounded } from "./benchmark.ts";
import type { ServerUnderTest } from "./server-under-test.ts";

interface Visit {
  readonly milliseconds: number;
  /** Packed bytes by file. */
  readonly files: ReadonlyMap<string, number>;
}

/** "9,400 of 10,000 devices measured", in the language of whoever signed in. */
const figures = (deviceCount: number) =>
  new RegExp(`(of ${deviceCount.toLocaleString("en-GB")} devices measured|von ${deviceCount.toLocaleString("de-DE")} Geräten gemessen)`);

async function visit(browser: TestBrowser, server: ServerUnderTest, deviceCount: number): Promise<Visit> {
  const page = await browser.newPage({ ignoreHTTPSErrors: true, locale: "en-GB", viewport: { width: 1280, height: 860 } });
  try {
    const signedIn = await page.request.post(`${server.url}/api/v1/sessions`, {
      data: server.owner,
      headers: { "x-hauswart-request": "console", origin: server.url },
    });
    if (!signedIn.ok()) throw new Error(`Signing in answered ${signedIn.status()}: ${await signedIn.text()}`);
    const files = new Map<string, number>();
    const bodies: Promise<void>[] = [];
    page.on("response", (response) => {
      const { pathname } = new URL(response.url());
      if (!pathname.startsWith("/api/"))
        bodies.push(response.body().then((body) => void files.set(pathname, gzipSync(body, { level: 9 }).length)));
    });
    const startMs = performance.now();
    const live = page.waitForResponse((response) => response.url().endsWith("/api/v1/events") && response.ok());
    await Promise.all([page.goto(server.url, { waitUntil: "commit" }), live, page.getByText(figures(deviceCount)).waitFor()]);
    const milliseconds = performance.now() - startMs;
    await page.waitForTimeout(500);
    await Promise.all(bodies);
    return { milliseconds, files };
  } finally {
    await page.close();
  }
}

/** Visits the overview so many times, and once more before to warm up. */
export async function measureInBrowser(
  server: ServerUnderTest,
  deviceCount: number,
  visits: number,
  say: (line: string) => void,
): Promise<{ firstLoadKbGzip: number; interactiveMs: number }> {
  const browser = await openBrowser();
  try {
    await visit(browser, server, deviceCount);
    const made: Visit[] = [];
    for (let at = 0; at < visits; at++) made.push(await visit(browser, server, deviceCount));
    const times = made.map(({ milliseconds }) => milliseconds);
    const loads = made.map(({ files }) => [...files.values()].reduce((sum, bytes) => sum + bytes, 0) / 1_000);
    say(`overview in Chromium: ${times.map((time) => Math.round(time)).join(", ")} ms; first load of ${made[0]!.files.size} files`);
    return { firstLoadKbGzip: rounded(Math.max(...loads)), interactiveMs: rounded(percentile(times, 0.5)) };
  } finally {
    await browser.close();
  }
}

/** The console as it is in the sources, for the server to serve. Call it before the server starts: it reads the files once. */
export const buildTheConsole = async (): Promise<void> => void (await buildConsole());
