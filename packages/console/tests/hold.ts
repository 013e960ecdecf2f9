/** Answers that wait: what a page does before they come. */
import type { BrowserContext, Page } from "playwright-core";

/** What is asked under this address waits until somebody lets it through. @returns who does */
export async function hold(page: Page | BrowserContext, address: RegExp | string, method?: string): Promise<() => void> {
  const gate = Promise.withResolvers<void>();
  await page.route(address, async (call) => {
    if (method === undefined || call.request().method() === method) await gate.promise;
    await call.continue();
  });
  return gate.resolve;
}
