import { describe, expect, test } from "bun:test";
import { parseCommandLine, UsageError } from "./options.ts";

describe("the command line", () => {
  test("is understood, with values behind a space or an equals sign", () => {
    expect(parseCommandLine(["enrol", "--server", "https://a", "--token=t=1", "--name", "--odd"])).toEqual({
      command: "enrol",
      text: { server: "https://a", token: "t=1", name: "--odd" },
      flags: {},
    });
    expect(parseCommandLine(["collect", "--json", "--check", "memory", "--data", "/d"])).toEqual({
      command: "collect",
      text: { check: "memory", data: "/d" },
      flags: { json: true },
    });
    for (const help of [[], ["help"], ["--help"], ["run", "--help"]]) expect(parseCommandLine(help).command).toBe("help");
    expect(parseCommandLine(["--version"]).command).toBe("version");
  });

  const wrong: string[][] = [
    ["dance"],
    ["constructor"],
    ["run", "--json"],
    ["run", "now"],
    ["status", "--json=yes"],
    ["collect", "--check"],
    ["enrol", "--toString", "x"],
  ];
  for (const words of wrong) test(`"${words.join(" ")}" is refused`, () => expect(() => parseCommandLine(words)).toThrow(UsageError));
});
