import { describe, expect, test } from "bun:test";
import { chooseProxy, describeProxy, isExempt, parseProxySetting, takeProxyEnvironment } from "./proxy-choice.ts";
import { parseAnswer } from "./pac.ts";

const none = { https_proxy: "", all_proxy: "", no_proxy: "" };
const server = "https://hauswart.example.org";

describe("the choice of a proxy", () => {
  test("settings win over the environment, direct included", () => {
    const environment = { ...none, https_proxy: "http://env:1" };
    expect(chooseProxy(server, "http://set:2", environment)).toEqual({ kind: "proxy", url: "http://set:2/" });
    expect(chooseProxy(server, "direct", environment)).toEqual({ kind: "direct" });
    expect(chooseProxy(server, undefined, environment)).toEqual({ kind: "proxy", url: "http://env:1/" });
    expect(chooseProxy(server, undefined, none)).toEqual({ kind: "direct" });
  });
  test("ALL_PROXY counts where HTTPS_PROXY is not set; an address without a scheme is HTTP", () => {
    expect(chooseProxy(server, undefined, { ...none, all_proxy: "all:3128" })).toEqual({ kind: "proxy", url: "http://all:3128/" });
  });
  test("loopback and plain HTTP go straight", () => {
    const environment = { ...none, https_proxy: "http://env:1" };
    for (const url of ["https://localhost:1", "https://127.0.0.1:1", "https://[::1]:1", "http://127.0.0.1:1"]) {
      expect(chooseProxy(url, undefined, environment)).toEqual({ kind: "direct" });
    }
  });
  test("what is no proxy is refused with a reason", () => {
    for (const text of ["socks5://x:1", "pac+ftp://x/p.pac", "http://", "pac+nonsense"])
      expect(() => parseProxySetting(text)).toThrow(/proxy/i);
  });
  test("credentials are shown nowhere", () => {
    const shown = ["http://user:secret@proxy:3128", "pac+https://user:secret@host/p.pac"].map((text) =>
      describeProxy(parseProxySetting(text)),
    );
    expect(shown).toEqual(["http://proxy:3128", "chosen by https://host/p.pac"]);
  });
  test("the environment is read in either case and then emptied", () => {
    const environment: Record<string, string | undefined> = {
      HTTPS_PROXY: "http://upper:1",
      no_proxy: "a,b",
      HTTP_PROXY: "http://x",
      OTHER: "stays",
    };
    expect(takeProxyEnvironment(environment)).toEqual({ https_proxy: "http://upper:1", all_proxy: "", no_proxy: "a,b" });
    expect(environment).toEqual({ OTHER: "stays" });
  });
});

describe("NO_PROXY", () => {
  const cases: [hostname: string, port: string, noProxy: string, exempt: boolean][] = [
    ["a.example.org", "443", "example.org", true],
    ["example.org", "443", "example.org", true],
    ["example.org", "443", ".example.org", true],
    ["a.example.org", "443", "*.example.org", true],
    ["notexample.org", "443", "example.org", false],
    ["a.example.org", "443", "b.example.org", false],
    ["A.Example.org", "443", "x, EXAMPLE.ORG", true],
    ["a.example.org", "8443", "example.org:443", false],
    ["a.example.org", "443", "example.org:443", true],
    ["anything", "443", "*", true],
    ["anything", "443", "", false],
    ["10.0.0.5", "443", "10.0.0.5", true],
    ["[2001:db8::1]", "443", "2001:db8::1", true],
    ["[2001:db8::1]", "443", "[2001:db8::1]", true],
    ["[2001:db8::1]", "8443", "[2001:db8::1]:443", false],
    ["[2001:db8::1]", "443", "2001:db8::2 other", false],
  ];
  for (const [hostname, port, noProxy, exempt] of cases) {
    test(`${hostname}:${port} with "${noProxy}": ${exempt ? "straight" : "through the proxy"}`, () =>
      expect(isExempt(hostname, port, noProxy)).toBe(exempt));
  }
});

test("a script's answer is understood; what cannot be used is passed over", () => {
  const nobody = { userName: "", password: "" };
  expect(parseAnswer("PROXY a:1; HTTPS b:2 ; SOCKS5 c:3;DIRECT", nobody)).toEqual(["http://a:1/", "https://b:2/", undefined]);
  expect(parseAnswer("PROXY [::1]:1", { userName: "u", password: "p%40" })).toEqual(["http://u:p%40@[::1]:1/"]);
  expect(parseAnswer("SOCKS x:1; nonsense", nobody)).toEqual([]);
});
