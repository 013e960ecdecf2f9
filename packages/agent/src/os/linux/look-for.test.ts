import { expect, test } from "bun:test";
import { entryOf } from "./look-for.linux.ts";

const table = `IP address       HW type     Flags       HW address            Mask     Device
10.99.0.77       0x1         0x0         00:00:00:00:00:00     *        eth0
10.99.0.7        0x1         0x2         02:fc:00:00:00:05     *        eth0
`;

test("a network card is seen when its entry is complete", () => {
  expect([entryOf(table, "10.99.0.7"), entryOf(table, "10.99.0.77"), entryOf(table, "10.99.0.8"), entryOf("", "10.99.0.7")]).toEqual([
    true,
    false,
    null,
    null,
  ]);
});
