import { expect, test } from "bun:test";
import { testServices } from "@hauswart/testkit/seed.ts";
import { startOutsideView } from "./outside-view.ts";

test("of two devices that are added one after the other both are watched, however long the first look takes", async () => {
  const looks: ((ids: readonly string[]) => void)[] = [];
  const sql = () => new Promise((resolve) => looks.push((ids) => resolve(ids.map((device_id) => ({ device_id })))));
  const services = testServices({ unwalled: (_: string, work: (tx: unknown) => unknown) => work({ sql }) } as never);
  const watched: (readonly string[])[] = [];
  const starting = startOutsideView(services, {} as never, async () => ({
    watch: (ids) => void watched.push(ids),
    stop: async () => undefined,
  }));
  const settled = () => new Promise((resolve) => setTimeout(resolve, 0));
  await settled();
  looks[0]!([]);
  const view = await starting;
  for (let added = 0; added < 2; added++) {
    services.bus.publish("outside-devices", { providerId: "" });
    await settled();
  }
  // The second look, where it is under way, is done before the first.
  looks[2]?.(["one", "two"]);
  await settled();
  looks[1]!(["one"]);
  await settled();
  looks[2]!(["one", "two"]);
  await settled();
  await view.stop();
  expect(watched.at(-1)).toEqual(["one", "two"]);
});
