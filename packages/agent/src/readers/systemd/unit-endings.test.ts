/** What is known of services' runs over several looks at the journal. */
import { expect, test } from "bun:test";
import type { Os } from "../../os/os.ts";
import { followEndings, type KnownEndings } from "./unit-endings.linux.ts";

const succeeded = "7ad2d189f7e94e70a38c781354912448";
const failed = "d9b373ed55a64feb8242e02dbe79a49c";

interface Ended {
  readonly unit: string;
  readonly at: number;
  readonly isWell: boolean;
}

/** A computer whose journalctl tells of these, as far as it is asked. */
function journalOf(endings: readonly Ended[]): Os {
  const run: Os["run"] = async (_, words) => {
    const since = Number(words.find((word) => word.startsWith("--since=@"))!.slice("--since=@".length)) * 1_000;
    const fitting = endings.filter(({ unit, at }) => words.includes(`UNIT=${unit}`) && at >= since);
    const lines = fitting.map(({ unit, at, isWell }) =>
      JSON.stringify({ UNIT: unit, MESSAGE_ID: isWell ? succeeded : failed, __REALTIME_TIMESTAMP: String(at * 1_000) }),
    );
    return { exitCode: 0, stdout: lines.join("\n"), stderr: "" };
  };
  return { run } as unknown as Os;
}

test("a service that was not asked about for a while misses nothing", async () => {
  const day = 86_400_000;
  const start = Date.UTC(2026, 10, 22);
  const endings: Ended[] = [{ unit: "nightly.service", at: start - day, isWell: false }];
  let known: KnownEndings | undefined;
  const ask = async (units: readonly string[], at: number) => {
    known = await followEndings(journalOf(endings), known, units, at);
    return known.last.get("nightly.service")?.result;
  };
  expect(await ask(["nightly.service", "monthly.service"], start)).toBe("failed");
  endings.push({ unit: "nightly.service", at: start + 3_600_000, isWell: true });
  // systemd itself remembers how it ended, so only the other one is asked about.
  await ask(["monthly.service"], start + 7_200_000);
  expect(await ask(["nightly.service", "monthly.service"], start + day)).toBe("success");
});
