/** A new executable that dies before its loader runs, where the service manager runs nothing before a start: the start itself puts it back. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "bun:test";
import { parsePlist, plistArray } from "../os/macos/plist.ts";
import { startsFile, takenBackFile } from "./loader.ts";

const packaging = join(import.meta.dir, "../../packaging");

/** A computer's part that the start uses, below a folder of its own. */
function computer() {
  const root = mkdtempSync(join(tmpdir(), "hauswart-dead-"));
  const program = join(root, "bin/hauswart-agent");
  const data = join(root, "data");
  mkdirSync(dirname(program), { recursive: true });
  const put = (path: string, script: string) => {
    writeFileSync(path, script);
    chmodSync(path, 0o755);
  };
  return {
    root,
    program,
    data,
    update: join(data, "update"),
    /** A program that says its name and what it is told to do. */
    working: (name: string, path = program) => put(path, `#!/bin/sh\necho ${name} "$@"\n`),
    broken: (path = program) => put(path, "#!/lib/ld-musl-none.so.1\n"),
    [Symbol.dispose]: () => rmSync(root, { recursive: true }),
  };
}

/** What each service manager starts: words with the program, the folder of data and this computer's paths in them. */
const managers: [string, (on: ReturnType<typeof computer>) => string[]][] = [
  [
    "OpenRC",
    ({ program, data }) => {
      const script = readFileSync(join(packaging, "linux/hauswart-agent.openrc"), "utf8");
      // OpenRC reads the script, and hands its words over as supervise-daemon.sh does.
      const moved = script.replaceAll("/usr/local/bin/hauswart-agent", program).replaceAll("/var/lib/hauswart-agent", data);
      const read = `${moved}\neval printf '"%s\\\\0"' \\$command $command_args`;
      const { stdout, stderr } = Bun.spawnSync(["/bin/sh", "-c", read]);
      if (stdout.length === 0) throw new Error(stderr.toString());
      return stdout.toString().split("\0").slice(0, -1);
    },
  ],
  [
    "launchd",
    ({ program }) => {
      const list = parsePlist(readFileSync(join(packaging, "macos/hauswart-agent.plist"), "utf8"));
      return plistArray(list, "ProgramArguments").map((word) => (word === "/usr/local/bin/hauswart-agent" ? program : (word as string)));
    },
  ],
];

describe.each(managers)("the start by %s", (_name, wordsOf) => {
  const startOn = (on: ReturnType<typeof computer>) => {
    const { stdout, exitCode } = Bun.spawnSync(wordsOf(on), { env: { PATH: process.env["PATH"], HAUSWART_AGENT_DATA: on.data } });
    return exitCode === 0 ? stdout.toString().trim() : "dead";
  };

  test("runs the agent, and leaves nothing, as long as no new executable is tried", () => {
    using on = computer();
    on.working("the agent");
    expect([startOn(on), startOn(on), startOn(on)]).toEqual(["the agent run", "the agent run", "the agent run"]);
    expect(readdirSync(on.update)).toEqual([]);
  });

  test("puts the one of before back at the third start, and says so to the loader", () => {
    using on = computer();
    on.broken();
    on.working("the one of before", `${on.program}.previous`);
    expect([startOn(on), startOn(on), startOn(on)]).toEqual(["dead", "dead", "the one of before run"]);
    expect([readdirSync(on.update), existsSync(`${on.program}.previous`)]).toEqual([[takenBackFile], false]);
  });

  test("puts nothing back that is empty", () => {
    using on = computer();
    on.working("the new one");
    writeFileSync(`${on.program}.previous`, "");
    mkdirSync(on.update, { recursive: true });
    writeFileSync(join(on.update, startsFile), "..");
    expect([startOn(on), readdirSync(on.update)]).toEqual(["the new one run", []]);
  });
});
