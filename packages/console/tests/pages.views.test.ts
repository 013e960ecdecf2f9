/**
 * Every view in both languages and three widths: nothing is wider than the screen, axe finds nothing, colours can be told apart
 * in both schemes, the page complains of nothing, the content policy is kept. With HAUSWART_PICTURES=1 pictures of each go to
 * screenshots-out/ instead, to be looked at.
 */
import { testNeeding, whyNoBrowser } from "@hauswart/testkit/needs.ts";
import { afterAll, beforeAll, describe, expect } from "bun:test";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { shows } from "./shows.ts";
import { setStage, settle, type Stage } from "./stage.ts";
import { views, type View } from "./views.ts";

const missing = whyNoBrowser();
const pictures = process.env["HAUSWART_PICTURES"] === "1" ? fileURLToPath(new URL("../screenshots-out", import.meta.url)) : undefined;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const phone = [390, 844] as const;
const wide = [2_560, 1_440] as const;
/** What a page is opened at. */
const usual = [1_280, 860] as const;
/** To be looked at as well: what is below the fold, and the widest screens. */
const pictureSizes = [phone, wide, usual, [1_280, 2_600], [3_840, 2_160]] as const;

/** What axe finds, in a form that can be read in a failed test. @param rules ids of axe's rules; all when left out */
async function violations(page: Page, rules?: readonly string[]): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  return page.evaluate(
    async (rules) => {
      const found = await (
        window as unknown as {
          axe: { run: (options: object) => Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> };
        }
      ).axe.run({ resultTypes: ["violations"], ...(rules ? { runOnly: rules } : {}) });
      return found.violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary.slice(0, 300)}`),
      );
    },
    rules as string[] | undefined,
  );
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
      0,
      document.documentElement.scrollWidth - innerWidth,
      (document.querySelector("main")?.scrollWidth ?? 0) - (document.querySelector("main")?.clientWidth ?? 0),
    ),
  );

/**
 * Not the console's doing: the test mail's attempts to reach out, which are blocked; and what the server refuses (nobody is signed in,
 * a fresh proof is wanted, a link has ended).
 */
const isOurs = (message: string) => !/tracker\.example|frame is sandboxed|status of 4(?:01|03|10)/.test(message);

type Language = "de" | "en";
type ColorScheme = "light" | "dark";
const locales: Record<Language, string> = { de: "de-DE", en: "en-GB" };

describe("pages", () => {
  let stage: Stage;
  /** A page for all views that somebody has to be signed in for; another after one that failed. */
  let shared: Awaited<ReturnType<Stage["open"]>> | undefined;
  beforeAll(async () => {
    if (missing) return;
    if (pictures) mkdirSync(pictures, { recursive: true });
    stage = await setStage();
  }, 120_000);
  afterAll(() => stage?.stop(), 30_000);

  async function openView(view: View, language: Language): Promise<Awaited<ReturnType<Stage["open"]>>> {
    const path = view.path(stage.double);
    const isShared = !view.isPublic && !pictures;
    const opened = (isShared ? shared : undefined) ?? (await stage.open(path, { locale: locales[language], colorScheme: "light" }));
    if (isShared && opened === shared) await stage.reopen(opened.page, path);
    if (isShared) shared = opened;
    if (view.isPublic) {
      await opened.page.context().clearCookies();
      await opened.page.reload();
      await opened.page.locator("h1").first().waitFor();
    }
    await settle(opened.page);
    if (view.act) {
      await view.act(opened.page, stage.double);
      await settle(opened.page);
    }
    return opened;
  }

  async function check(view: View): Promise<void> {
    const { page, log } = await openView(view, "de");
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await page.evaluate(colorsSettled);
    expect(await violations(page)).toEqual([]);
    // What a colour scheme can break is colours.
    await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
    await page.evaluate(colorsSettled);
    expect(await violations(page, ["color-contrast"])).toEqual([]);
    // Each size is a new layout and a new picture, up to 2,560 pixels wide: English begins with the one where German ends.
    await fits(page, [usual, phone, wide]);
    await speakEnglish(page);
    await fits(page, [wide, phone, usual]);
    expect(log.errors.splice(0).filter(isOurs)).toEqual([]);
  }

  const finish = async (isWell: boolean): Promise<void> => {
    if (isWell && shared && !pictures) return;
    shared = undefined;
    await stage.closePages();
  };

  for (const view of views) {
    if (!pictures) {
      testNeeding(missing)(
        view.name,
        async () => {
          let isWell = false;
          try {
            await check(view);
            isWell = !view.isPublic;
          } finally {
            await finish(isWell);
          }
        },
        120_000,
      );
      continue;
    }
    for (const language of ["de", "en"] as const) {
      testNeeding(missing)(
        `${view.name} in ${language}`,
        async () => {
          const { page } = await openView(view, language);
          await takePictures(page, pictures, `${view.name}-${language}`);
          await finish(false);
        },
        120_000,
      );
    }
  }
});

async function resize(page: Page, [width, height]: readonly [number, number]): Promise<void> {
  const now = page.viewportSize();
  if (now?.width !== width || now.height !== height) await page.setViewportSize({ width, height });
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}

/** Nothing is wider than the screen, whichever size it has, once it is drawn for it; ends at the last. */
async function fits(page: Page, sizes: readonly (readonly [number, number])[]): Promise<void> {
  for (const size of sizes) {
    await resize(page, size);
    await shows(() => overflow(page), 0);
  }
}

/** Switches where the reader would, without leaving what is open: a dialog lies above the switch. */
async function speakEnglish(page: Page): Promise<void> {
  const dialogs = () => page.getByRole("dialog").count();
  const before = await dialogs();
  await page
    .locator('button[lang="en"]')
    .first()
    .evaluate((button: HTMLButtonElement) => button.click());
  await page.locator('html[lang="en"]').waitFor({ state: "attached" });
  expect(await dialogs()).toBe(before);
}

async function takePictures(page: Page, folder: string, name: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] satisfies ColorScheme[]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const size of pictureSizes) {
      await resize(page, size);
      await page.screenshot({ path: join(folder, `${name}-${colorScheme}-${size.join("x")}.png`) });
    }
  }
}
