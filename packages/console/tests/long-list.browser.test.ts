/** Ten thousand rows: however far a reader scrolls, only what is in view exists, in order and without a gap. */
import { testNeeding, whyNoBrowser } from "@hauswart/testkit/needs.ts";
import { afterAll, beforeAll, expect } from "bun:test";
import { setStage, settle, type Stage } from "./stage.ts";
import { shows } from "./shows.ts";

const count = 10_000;
/** Rows that may exist at once: those in view, some above and below, and room for what is not drawn. */
const mostRows = 90;
const missing = whyNoBrowser();
let stage: Stage;
beforeAll(async () => {
  if (missing) return;
  stage = await setStage();
  const { devices } = stage.double.world;
  const pattern = devices[0]!;
  const made = Array.from({ length: count }, (_, index) => ({
    ...pattern,
    device: {
      ...pattern.device,
      deviceId: crypto.randomUUID(),
      name: `PC-${String(index).padStart(5, "0")}`,
      lifecycle: "active" as const,
    },
  }));
  devices.splice(0, devices.length, ...made);
}, 120_000);
afterAll(() => stage?.stop(), 30_000);

testNeeding(missing)(
  `a list of ${count} devices draws what is in view, wherever that is`,
  async () => {
    const { page, log } = await stage.open("/devices");
    await page.getByText("PC-00000").waitFor();
    const table = page.getByRole("table");
    await shows(() => table.getAttribute("aria-rowcount"), String(count));
    const scroller = table.locator("xpath=..");
    let reached = 0;
    for (let turn = 0; turn < 12; turn++) {
      await scroller.evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
      await settle(page);
      const names = await table.locator("tbody tr a").allTextContents();
      expect(names.length).toBeGreaterThan(10);
      expect(await table.locator("tr").count()).toBeLessThanOrEqual(mostRows);
      const numbers = names.map((name) => Number(name.slice(3)));
      expect(numbers).toEqual(numbers.map((_, at) => numbers[0]! + at));
      reached = numbers.at(-1)!;
    }
    expect(reached).toBeGreaterThan(1_000);
    await scroller.evaluate((element) => element.scrollTo({ top: 0 }));
    await page.getByText("PC-00000").waitFor();
    expect(log.errors).toEqual([]);
  },
  90_000,
);
