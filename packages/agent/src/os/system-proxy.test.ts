import { describe, expect, test } from "bun:test";
import { chooseProxy, parseProxySetting } from "../proxy/proxy-choice.ts";
import { linuxProxy, macosProxy, noSystemProxy, windowsProxy } from "./system-proxy.ts";

describe("Linux", () => {
  test.each([
    ["nothing", "", noSystemProxy],
    ["other settings", 'PATH="/usr/bin"\nLANG=de_DE.UTF-8\n', noSystemProxy],
    [
      "plain",
      "https_proxy=http://proxy:3128\nno_proxy=localhost,.example.org\n",
      { https_proxy: "http://proxy:3128", no_proxy: "localhost,.example.org" },
    ],
    ["quoted, exported, in capitals", `export HTTPS_PROXY="http://proxy:3128"\n`, { https_proxy: "http://proxy:3128", no_proxy: "" }],
    ["for everything", "all_proxy='http://proxy:1'\n", { https_proxy: "http://proxy:1", no_proxy: "" }],
    ["commented out", "#https_proxy=http://proxy:3128\n", noSystemProxy],
    ["switched off (SUSE)", 'PROXY_ENABLED="no"\nHTTPS_PROXY="http://proxy:3128"\n', noSystemProxy],
    [
      "switched on (SUSE)",
      'PROXY_ENABLED="yes"\nHTTPS_PROXY="http://proxy:3128"\nNO_PROXY="localhost"\n',
      { https_proxy: "http://proxy:3128", no_proxy: "localhost" },
    ],
  ])("%s", (_, text, expected) => expect(linuxProxy(text)).toEqual(expected));
});

describe("macOS", () => {
  const output = (...lines: string[]) => `<dictionary> {\n${lines.map((line) => `  ${line}`).join("\n")}\n}\n`;
  test.each([
    ["none", output("FTPPassive : 1", "HTTPSEnable : 0"), noSystemProxy],
    [
      "a proxy with exceptions",
      output(
        "ExceptionsList : <array> {",
        "  0 : *.local",
        "  1 : 169.254/16",
        "}",
        "HTTPSEnable : 1",
        "HTTPSPort : 8080",
        "HTTPSProxy : proxy.example.org",
      ),
      { https_proxy: "http://proxy.example.org:8080", no_proxy: "*.local,169.254/16" },
    ],
    [
      "a script",
      output("HTTPSEnable : 1", "HTTPSProxy : x", "ProxyAutoConfigEnable : 1", "ProxyAutoConfigURLString : http://host/proxy.pac"),
      { https_proxy: "pac+http://host/proxy.pac", no_proxy: "" },
    ],
  ])("%s", (_, text, expected) => expect(macosProxy(text)).toEqual(expected));
});

describe("Windows", () => {
  const values = (of: Record<string, string>) => (name: string) => of[name] ?? "";
  test.each([
    ["none", {}, noSystemProxy],
    ["switched off", { ProxyEnable: "0x0", ProxyServer: "proxy:8080" }, noSystemProxy],
    [
      "one for all",
      { ProxyEnable: "0x1", ProxyServer: "proxy:8080", ProxyOverride: "*.example.org;<local>" },
      { https_proxy: "http://proxy:8080", no_proxy: "*.example.org" },
    ],
    ["one for each protocol", { ProxyEnable: "0x1", ProxyServer: "http=a:1;https=b:2" }, { https_proxy: "http://b:2", no_proxy: "" }],
    ["none for HTTPS", { ProxyEnable: "0x1", ProxyServer: "http=a:1" }, noSystemProxy],
    ["a script", { AutoConfigURL: "http://host/wpad.dat" }, { https_proxy: "pac+http://host/wpad.dat", no_proxy: "" }],
  ])("%s", (_, of: Record<string, string>, expected) => expect(windowsProxy(values(of))).toEqual(expected));
});

test("what a system wishes is understood as a setting is", () => {
  const environment = { ...macosProxy("ProxyAutoConfigEnable : 1\nProxyAutoConfigURLString : http://host/p.pac\n"), all_proxy: "" };
  expect(chooseProxy("https://server.example.org", undefined, environment)).toEqual(parseProxySetting("pac+http://host/p.pac"));
});
