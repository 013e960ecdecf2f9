/**
 * Every view in both languages and three widths, in German in both colour schemes: nothing is wider than the screen, axe finds
 * nothing, the page complains of nothing, the content policy is kept. With HAUSWART_PICTURES=1 a picture of each goes to
 * screenshots-out/, to be looked at; that takes four times as long.
 */
import { testNeeding, whyNoBrowser } from "@hauswart/testkit/needs.ts";
import { afterAll, afterEach, beforeAll, describe, expect } from "bun:test";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { setStage, settle, type Stage } from "./stage.ts";
import { views, type View } from "./views.ts";

const missing = whyNoBrowser();
const pictures = process.env["HAUSWART_PICTURES"] === "1" ? fileURLToPath(new URL("../screenshots-out", import.meta.url)) : undefined;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const sizes = [
  [390, 844],
  [1_280, 860],
  [2_560, 1_440],
] as const;
/** To be looked at as well: what is below the fold, and the widest screens. */
const pictureSizes = [...sizes, [1_280, 2_600], [3_840, 2_160]] as const;

/** What axe finds, in a form that can be read in a failed test. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const found = await (
      window as unknown as {
        axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> };
      }
    ).axe.run();
    return found.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary.slice(0, 300)}`),
    );
  });
}

/** Runs in the page: colours that change with the scheme fade over. */
async function colorsSettled(): Promise<void> {
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const fades = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
  await Promise.all(fades.map(async (fade) => fade.finished.catch(() => undefined)));
}

/** By how much the page is wider than the screen, CSS pixels. */
const overflow = (page: Page) =>
  page.evaluate(() =>
    Math.max(
      document.documentElement.scrollWidth - innerWidth,
      (document.querySelector("main")?.scrollWidth ?? 0) - (document.querySelector("main")?.clientWidth ?? 0),
    ),
  );

/**
 * Not the console's doing: the test mail's attempts to reach out, which are blocked; what the server refuses (nobody is signed in,
 * a fresh proof is wanted, a link has ended); and other tests of this machine that change its network interfaces.
 */
const isOurs = (message: string) => !/tracker\.example|frame is sandboxed|status of 4(?:01|03|10)|ERR_NETWORK_CHANGED/.test(message);

describe("pages", () => {
  let stage: Stage;
  beforeAll(async () => {
    if (missing) return;
    if (pictures) mkdirSync(pictures, { recursive: true });
    stage = await setStage();
  }, 120_000);
  afterEach(() => stage?.closePages());
  afterAll(() => stage?.stop(), 30_000);

  for (const view of views) {
    for (const language of ["de", "en"] as const) {
      testNeeding(missing)(`${view.name} in ${language}`, () => lookAt(stage, view, language), 120_000);
    }
  }
});

async function lookAt(stage: Stage, view: View, language: "de" | "en"): Promise<void> {
  const { page, log } = await stage.open(view.path(stage.double), { locale: language === "de" ? "de-DE" : "en-GB", colorScheme: "light" });
  if (view.isPublic) {
    await page.context().clearCookies();
    await page.reload();
    await page.locator("h1").first().waitFor();
  }
  await settle(page);
  if (view.act) {
    await view.act(page, stage.double);
    await settle(page);
  }
  for (const colorScheme of ["light", "dark"] as const) {
    // What a colour scheme can break is colours, which axe looks at; the language changes none of them.
    if (colorScheme === "dark" && language === "en" && !pictures) continue;
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const [width, height] of pictures ? pictureSizes : colorScheme === "light" ? sizes : []) {
      await page.setViewportSize({ width, height });
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
      if (pictures)
        await page.screenshot({
          path: join(pictures, `${view.name}-${language}-${colorScheme}-${width}x${height}.png`),
        });
      expect(await overflow(page)).toBeLessThanOrEqual(0);
    }
    await page.setViewportSize({ width: 1_280, height: 860 });
    await page.evaluate(colorsSettled);
    if (language === "de") expect(await violations(page)).toEqual([]);
  }
  expect(log.errors.filter(isOurs)).toEqual([]);
}
