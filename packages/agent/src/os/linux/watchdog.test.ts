/** What systemd would hear, without a systemd: the whole way is tried by watchdog.machine.test.ts. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "@hauswart/testkit/until.ts";

let folder: string;
const line = () => join(folder, "line");
const said = () => join(folder, "said");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hauswart-watchdog-"));
  writeFileSync(line(), "");
  writeFileSync(join(folder, "systemd-notify"), `#!/bin/sh\necho "$@" > "${said()}.new"\nmv "${said()}.new" "${said()}"\n`, {
    mode: 0o755,
  });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const program = `
  const { followServiceWatchdog } = await import(${JSON.stringify(join(import.meta.dir, "watchdog.linux.ts"))});
  console.log(followServiceWatchdog(process.env));
`;

/** @param mode how the standard input is open: "r" takes no sign of life. */
async function follow(environment: Record<string, string>, mode: "r" | "r+"): Promise<string> {
  const standardInput = openSync(line(), mode);
  try {
    const child = Bun.spawn([process.execPath, "-e", program], {
      stdin: standardInput,
      stdout: "pipe",
      env: { PATH: `${folder}:/usr/bin:/bin`, ...environment },
    });
    return (await new Response(child.stdout).text()).trim();
  } finally {
    closeSync(standardInput);
  }
}

async function saidByProgram(): Promise<string> {
  await until("the program to say it", () => existsSync(said()));
  return readFileSync(said(), "utf8").trim();
}

describe("the service manager's watchdog", () => {
  const watched = { NOTIFY_SOCKET: "/run/systemd/notify", WATCHDOG_USEC: "180000000" };

  test("is told by the line where there is one, and by no program", async () => {
    expect(await follow({ ...watched, HAUSWART_AGENT_WATCHDOG_LINE: "1" }, "r+")).toBe("true");
    expect(readFileSync(line(), "utf8")).toBe("WATCHDOG=1");
    expect(existsSync(said())).toBe(false);
  });

  test.each([
    ["there is no line", {}],
    ["the line takes nothing", { HAUSWART_AGENT_WATCHDOG_LINE: "1" }],
  ])("is told by systemd's program where %s", async (_why, environment) => {
    expect(await follow({ ...watched, ...environment }, "r")).toBe("true");
    expect(await saidByProgram()).toBe("WATCHDOG=1");
    expect(readFileSync(line(), "utf8")).toBe("");
  });

  test.each([{}, { NOTIFY_SOCKET: "/run/systemd/notify" }, { WATCHDOG_USEC: "180000000" }, { ...watched, WATCHDOG_USEC: "0" }])(
    "is none for %j",
    async (environment) => {
      expect(await follow(environment as Record<string, string>, "r+")).toBe("false");
      expect(readFileSync(line(), "utf8")).toBe("");
    },
  );
});
