/** When apt's sources last answered, by the files that it leaves; times as apt 2.6 of Debian 12 sets them. */
import { describe, expect, test } from "bun:test";
import type { Os } from "@hauswart/agent/os/os.ts";
import { readApt } from "./apt.linux.ts";

const now = Date.UTC(2026, 10, 22, 10, 30);
const day = 86_400_000;
const lists = "/var/lib/apt/lists";

interface Times {
  readonly modifiedAtMs?: number;
  readonly changedAtMs?: number;
}

/** A computer with a main archive and one of security updates, whose heads are signed. */
async function refreshOf(times: Readonly<Record<string, Times>>) {
  const heads: Readonly<Record<string, string>> = {
    [`${lists}/deb_main_InRelease`]: "Label: Debian\nSuite: oldstable\nCodename: bookworm\nSHA256:\n",
    [`${lists}/deb_security_InRelease`]: "Label: Debian-Security\nSuite: oldstable-security\nCodename: bookworm-security\nSHA256:\n",
  };
  const target = (name: string) =>
    `http://deb.example.com|${name}|Packages|main/binary-amd64/Packages|${lists}/deb_${name}_main_binary-amd64_Packages`;
  const answers: Readonly<Record<string, string>> = {
    "apt-get indextargets": ["main", "security"].map(target).join("\n"),
    "apt-get -s": "0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n",
    "apt-config dump": "",
  };
  const os: Partial<Os> = {
    fileInfo: async (path) =>
      times[path] || heads[path]
        ? { kind: "file", sizeBytes: 1, modifiedAtMs: now - 90 * day, changedAtMs: now - 90 * day, ...times[path] }
        : undefined,
    readFile: async (path) => heads[path]!,
    run: async (program, [first]) => ({ exitCode: 0, stdout: answers[`${program} ${first}`]!, stderr: "" }),
  };
  const { listsRefreshedAt, listsRefreshedBy } = await readApt(
    os as Os,
    { systemId: "debian", systemVersion: "12", systemEdition: "" },
    now,
  );
  return { days: (now - listsRefreshedAt!) / day, by: listsRefreshedBy };
}

const [main, security] = [`${lists}/deb_main_InRelease`, `${lists}/deb_security_InRelease`];
const stamp = "/var/lib/apt/periodic/update-stamp";

describe("when the sources last answered", () => {
  test.each<[string, Record<string, Times>, { days: number; by: string }]>([
    [
      "without news: only the heads' owners were set anew",
      { [main]: { changedAtMs: now }, [security]: { changedAtMs: now } },
      { days: 0, by: "other" },
    ],
    [
      "by the schedule, which sets its stamp afterwards",
      { [security]: { changedAtMs: now - 60_000 }, [stamp]: { modifiedAtMs: now } },
      { days: 60_000 / day, by: "schedule" },
    ],
    [
      "the schedule tries every day and meets nobody",
      { [main]: { changedAtMs: now - 20 * day }, [security]: { changedAtMs: now - 20 * day }, [stamp]: { modifiedAtMs: now } },
      { days: 20, by: "unknown" },
    ],
    [
      "the way to the source of security updates is blocked, and another one answers",
      {
        [main]: { changedAtMs: now },
        [security]: { changedAtMs: now - 20 * day },
        [lists]: { modifiedAtMs: now },
        [stamp]: { modifiedAtMs: now },
      },
      { days: 20, by: "unknown" },
    ],
    [
      "a portal leaves a page in the folder for what is under way",
      { [security]: { changedAtMs: now - 20 * day }, [`${lists}/partial`]: { modifiedAtMs: now } },
      { days: 20, by: "other" },
    ],
  ])("%s", async (_, times, expected) => {
    expect(await refreshOf(times)).toEqual(expected as never);
  });
});
