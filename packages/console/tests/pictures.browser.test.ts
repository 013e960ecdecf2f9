/**
 * The pictures in the documents. With HAUSWART_PICTURES=docs they are taken anew, of the built console with made-up customers;
 * otherwise it is only checked that the documents show these and no others.
 */
import { testNeeding, whyNoBrowser } from "@hauswart/testkit/needs.ts";
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setStage, settle, type Stage } from "./stage.ts";
import { views } from "./views.ts";

/** Pictures by name, and the view that each shows. */
const pictures: Readonly<Record<string, string>> = {
  overview: "overview",
  "first-steps": "first-steps",
  device: "device-check",
  findings: "finding-open",
  policy: "policy-changed",
  users: "users",
};
const documents = fileURLToPath(new URL("../../../docs", import.meta.url));
const folder = join(documents, "pictures");
const isTaken = process.env["HAUSWART_PICTURES"] === "docs";

function shownPictures(): string[] {
  const files = readdirSync(documents, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".md"));
  const texts = [...files.map((name) => join(documents, name)), join(documents, "../README.md")].map((path) => readFileSync(path, "utf8"));
  return texts.flatMap((text) => [...text.matchAll(/!\[[^\]]+\]\([^)]*pictures\/([\w-]+)\.png\)/g)].map(([, name]) => name!));
}

let stage: Stage | undefined;
beforeAll(async () => {
  if (isTaken && !whyNoBrowser()) stage = await setStage();
}, 120_000);
afterAll(() => stage?.stop(), 30_000);

for (const [name, view] of isTaken ? Object.entries(pictures) : []) {
  testNeeding(whyNoBrowser())(
    `the picture ${name} is taken`,
    async () => {
      const shown = views.find((candidate) => candidate.name === view)!;
      const { page } = await stage!.open(shown.path(stage!.double), { locale: "en-GB", colorScheme: "light" });
      await settle(page);
      await shown.act?.(page, stage!.double);
      await settle(page);
      mkdirSync(folder, { recursive: true });
      await page.screenshot({ path: join(folder, `${name}.png`) });
      await page.close();
    },
    60_000,
  );
}

test("the documents show the pictures that are taken here, and no others lie about", () => {
  expect([...new Set(shownPictures())].sort()).toEqual(Object.keys(pictures).sort());
  expect(readdirSync(folder).sort()).toEqual(
    Object.keys(pictures)
      .map((name) => `${name}.png`)
      .sort(),
  );
});
