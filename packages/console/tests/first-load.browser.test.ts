/** What a reader's browser has to fetch before the overview stands there, packed as the server packs it. */
import { testNeeding, whyNoBrowser } from "@hauswart/testkit/needs.ts";
import { afterAll, beforeAll, expect } from "bun:test";
import { gzipSync } from "node:zlib";
import { setStage, settle, type Stage } from "./stage.ts";

/** A browser fetches six at a time over HTTP/1.1. */
const mostFiles = 28;
/** kB of 1,000 bytes. React with router and queries is 120 of them, the components 110. */
const mostKb = 350;
const missing = whyNoBrowser();
let stage: Stage;
beforeAll(async () => {
  if (!missing) stage = await setStage();
}, 120_000);
afterAll(() => stage?.stop(), 30_000);

testNeeding(missing)(
  `the first load is at most ${mostKb} kB, with one language and without graphs and forms`,
  async () => {
    const { page } = await stage.open("/not-yet");
    const files = new Map<string, number>();
    page.on("response", async (response) => {
      const { pathname } = new URL(response.url());
      if (!pathname.startsWith("/api/")) files.set(pathname, gzipSync(await response.body(), { level: 9 }).length);
    });
    await page.goto(stage.base);
    await page.getByText(/Geräten gemessen/).waitFor();
    await settle(page);
    const sum = [...files.values()].reduce((all, bytes) => all + bytes, 0) / 1_000;
    console.log(`first load: ${sum.toFixed(0)} kB in ${files.size} files`);
    expect(sum).toBeGreaterThan(100);
    expect(sum).toBeLessThanOrEqual(mostKb);
    expect(files.size).toBeLessThanOrEqual(mostFiles);
    const names = [...files.keys()].join(" ");
    expect(names).toMatch(/\/de-/);
    expect(names).not.toMatch(/\/en-|Graph|PolicyPage|SettingField/);
  },
  60_000,
);
