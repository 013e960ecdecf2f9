/** "Live" is said of what is live: what happened while nobody listened is asked for when somebody listens again. */
import { deviceCheckId } from "@hauswart/protocol/device-findings.ts";
import type { BrowserContext } from "playwright-core";
import { raiseAlarm } from "../dev/daily.ts";
import { hold } from "./hold.ts";
import { sharedStage, story } from "./shared-stage.ts";

const stage = sharedStage();

/** Something breaks that no event will ever tell of, because nobody listens. @returns the link to it in the list of findings. */
function breakUnheard(): string {
  const { world } = stage.double;
  const listeners = [...world.listeners];
  world.listeners.clear();
  const { deviceId } = world.devices[3]!.device;
  const subject = `unheard ${world.findings.length}`;
  const findingId = raiseAlarm(world, deviceId, { check: deviceCheckId, code: "silent", subject, severity: "failure", evidence: {} });
  for (const listener of listeners) world.listeners.add(listener);
  return `[data-row-link="${findingId}"]`;
}

/** Connections of the stream wait until somebody lets them through. @returns who does. */
const holdStream = (context: BrowserContext) => hold(context, "**/api/v1/events");

story("a tab that takes the stream over asks again for what happened meanwhile", async () => {
  const first = await stage.open("/findings?state=open");
  const context = first.page.context();
  await first.page.getByText("live", { exact: true }).waitFor();
  const wall = await context.newPage();
  await wall.goto(`${stage.base}/findings?state=open`);
  await wall.getByText("live", { exact: true }).waitFor();
  await wall.locator("[data-row-link]").first().waitFor();
  const release = await holdStream(context);
  await first.page.goto("about:blank");
  const unheard = breakUnheard();
  release();
  await wall.locator(unheard).waitFor();
});

story("what happens between the first answers and the first connection is not lost", async () => {
  const { page } = await stage.open("/findings?state=open");
  const release = await holdStream(page.context());
  await stage.reopen(page, "/findings?state=open");
  await page.locator("[data-row-link]").first().waitFor();
  const unheard = breakUnheard();
  release();
  await page.getByText("live", { exact: true }).waitFor();
  await page.locator(unheard).waitFor();
});
