import { expect, test } from "bun:test";
import type { Os } from "@hauswart/agent/os/os.ts";
import { loadBetween } from "./load-window.ts";
import { parseProcesses, reader } from "./read-processor-times.macos.ts";

test("processes of ps have their name, their processor time and a key of their own", () => {
  const output = `    1 Sun Nov 22 03:58:01 2026     0:41.97 /sbin/launchd
  512 Sun Nov 22 03:59:10 2026    71:02.50 /Applications/Some App.app/Contents/MacOS/Some App
77001 Sun Nov 22 04:10:00 2026   1:02:03.00 /usr/libexec/mds
  900 Sun Nov 22 04:10:00 2026   2-01:00:00 backupd
  PID nonsense
`;
  expect(parseProcesses(output)).toEqual([
    { key: "1 Sun Nov 22 03:58:01 2026", name: "launchd", used: 4_197 },
    { key: "512 Sun Nov 22 03:59:10 2026", name: "Some App", used: 426_250 },
    { key: "77001 Sun Nov 22 04:10:00 2026", name: "mds", used: 372_300 },
    { key: "900 Sun Nov 22 04:10:00 2026", name: "backupd", used: 17_640_000 },
  ]);
});

test("the load is what the ticks say", async () => {
  const ticks = [
    { user: 100, system: 100, idle: 800, nice: 0 },
    { user: 150, system: 140, idle: 900, nice: 10 },
  ];
  const os = { macos: async () => ({ processorTicks: () => ticks.shift(), sysctlNumber: () => 8 }) } as unknown as Os;
  const first = await reader.times(os);
  await new Promise((resolve) => setTimeout(resolve, 10));
  const second = await reader.times(os);
  expect(second.processorCount).toBe(8);
  expect(loadBetween(first, second)).toMatchObject({ averagePercent: 50, inputOutputWaitPercent: 0, stolenPercent: 0 });
});
