import { expect, test } from "bun:test";
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import { parseProcesses, reader } from "./read-memory.macos.ts";

const gigabyte = 1_073_741_824;
const calls = {
  sysctlNumber: (name: string) => (name === "hw.memsize" ? 16 * gigabyte : undefined),
  memory: () => ({
    freeBytes: gigabyte,
    wiredBytes: 2 * gigabyte,
    internalBytes: 7 * gigabyte,
    purgeableBytes: gigabyte,
    compressorBytes: gigabyte,
  }),
  swapUsedBytes: () => gigabyte,
};

test("cached files and what programs let go of are available; swap space is as large as its volume", async () => {
  const os = { macos: async () => calls, fileSystemSize: async () => ({ totalBytes: 500e9 }) } as unknown as Os;
  expect(await reader.state(os)).toMatchObject({
    totalBytes: 16 * gigabyte,
    availableBytes: 7 * gigabyte,
    swapUsedBytes: gigabyte,
    swapTotalBytes: 500e9,
    commitLimitBytes: 0,
  });
});

test("a Mac without a volume for swap files says that there is no swap space", async () => {
  const os = {
    macos: async () => calls,
    fileSystemSize: async () => {
      throw new OsError("COLLECT_UNREADABLE", "ENOENT");
    },
  } as unknown as Os;
  expect(await reader.state(os)).toMatchObject({ swapTotalBytes: 0 });
});

test("processes of ps have their name and size", () => {
  expect(parseProcesses("  12345 /sbin/launchd\n 2048 /Applications/Some App.app/Contents/MacOS/Some App\n\n")).toEqual([
    { name: "launchd", amount: 12_345 * 1_024 },
    { name: "Some App", amount: 2_048 * 1_024 },
  ]);
});
