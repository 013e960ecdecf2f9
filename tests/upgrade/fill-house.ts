/** The data of a stored release: a small house in which every kind of thing has happened. */
import { until } from "@hauswart/testkit/until.ts";
import type { House } from "../survival/support/house.ts";

/** Customers, devices with some measurements, findings, a webhook, an API key, a policy. */
export async function fillHouse(house: House): Promise<void> {
  await house.api("createWebhook", { body: { customerId: null, url: "https://hooks.example.com/hauswart" } });
  await house.api("createApiKey", { body: { name: "reports", scopes: ["devices:read"] } });
  const fleet = await house.connect(await house.enrol(4));
  try {
    for (let round = 0; round < 10; round++) {
      for (const agent of fleet.agents) agent.measure(Date.now());
      await Bun.sleep(100);
    }
    await fleet.until((agent) => agent.isCurrent, 60_000);
    const { items } = await house.api("listDevices", { query: { limit: 10 } });
    await house.api("changeDevice", { params: { deviceId: items[0]!.deviceId }, body: { tags: ["stored"] } });
    await until("values on every device", async () => (await house.api("getOverview", { query: {} })).devices.measured === 4);
  } finally {
    await fleet.stop();
  }
}
