import { expect, test } from "bun:test";
import { browserOf, isSameBrowser, isWhole } from "./user-agent.ts";

test.each([
  ["Mozilla/5.0 (X11; Linux x86_64; rv:147.0) Gecko/20100101 Firefox/147.0", "Firefox", "Linux"],
  [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/152.0.0.0 Safari/537.36 Edg/152.0.0.0",
    "Edge",
    "Windows",
  ],
  ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/152.0.0.0 Safari/537.36", "Chrome", "Windows"],
  [
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Safari/605.1.15",
    "Safari",
    "macOS",
  ],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/150.0 Mobile/15E148 Safari/604.1",
    "Chrome",
    "iPhone",
  ],
  ["Mozilla/5.0 (Linux; Android 15; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Mobile Safari/537.36", "Chrome", "Android"],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148", "Safari", "iPhone"],
  ["curl/8.14.1", "curl", undefined],
  ["", undefined, undefined],
] as const)("%p", (userAgent, browser, system) => {
  expect(browserOf(userAgent)).toEqual({ browser, system } as never);
});

const firefox = (system: string, version: number) =>
  browserOf(`Mozilla/5.0 (${system}; rv:${version}.0) Gecko/20100101 Firefox/${version}.0`);

test.each([
  ["an update", firefox("X11; Linux x86_64", 147), firefox("X11; Linux x86_64", 148), true],
  ["the desktop version on a telephone", firefox("Android 15; Mobile", 147), firefox("X11; Linux x86_64", 147), true],
  ["the desktop version on a tablet", { browser: "Safari", system: "iPad" }, { browser: "Safari", system: "macOS" }, true],
  ["another system", firefox("X11; Linux x86_64", 147), firefox("Windows NT 10.0; Win64; x64", 147), false],
  ["another browser", firefox("X11; Linux x86_64", 147), { browser: "Chrome", system: "Linux" }, false],
  ["a program", firefox("X11; Linux x86_64", 147), browserOf("curl/8.14.1"), false],
  ["nothing said", firefox("X11; Linux x86_64", 147), browserOf(""), false],
] as const)("%s", (_, one, other, isSame) => {
  expect(isSameBrowser(one, other)).toBe(isSame);
});

test("a browser names itself and its system, a program does not", () => {
  expect([firefox("X11; Linux x86_64", 147), browserOf("curl/8.14.1"), browserOf("")].map(isWhole)).toEqual([true, false, false]);
});
