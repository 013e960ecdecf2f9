/** Through a real proxy, to a real WebSocket server with TLS. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { testCertificate } from "@hauswart/testkit/certificate.ts";
import { startConnectProxy, type ConnectProxy } from "@hauswart/testkit/connect-proxy.ts";
import { startFakeServer, type FakeServer } from "@hauswart/testkit/fake-server.ts";
import { agentLinkPath } from "@hauswart/protocol/wire/versions.ts";
import { webSocketOpener } from "../link/web-socket.ts";
import { parseProxySetting } from "./proxy-choice.ts";
import { proxiesFor } from "./proxies.ts";

let certificate: { certificate: string; privateKey: string };
let server: FakeServer;
let open: ConnectProxy;
let guarded: ConnectProxy;
const folder = mkdtempSync(join(tmpdir(), "hauswart-proxy-"));

beforeAll(async () => {
  certificate = await testCertificate();
  server = await startFakeServer({ tls: certificate });
  open = await startConnectProxy();
  guarded = await startConnectProxy({ credentials: "user:p@ss:wörd" });
});
afterAll(async () => {
  await Promise.all([server.stop(), open.stop(), guarded.stop()]);
  rmSync(folder, { recursive: true });
});

/** Opens connections until one brings the server's first message, at most `attempts`. @returns its type, or the last reason. */
async function firstMessage(setting: string, url = server.url, attempts = 1): Promise<string> {
  const linkUrl = url.replace(/^http/, "ws") + agentLinkPath;
  const opener = webSocketOpener({
    url: linkUrl,
    certificates: certificate.certificate,
    proxies: proxiesFor(parseProxySetting(setting), linkUrl),
  });
  let last = "";
  for (let attempt = 0; attempt < attempts && !last.startsWith("{"); attempt++) {
    last = await new Promise<string>((resolve) => {
      const socket = opener({ message: (text) => (socket.close(), resolve(text)), alive: () => {}, closed: resolve });
    });
  }
  return last.startsWith("{") ? (JSON.parse(last) as { type: string }).type : last;
}

const script = (body: string) => {
  const path = join(folder, `${Math.random()}.pac`);
  writeFileSync(path, body);
  return `pac+${pathToFileURL(path).href}`;
};

describe("the link", () => {
  test("goes straight", async () => expect(await firstMessage("direct")).toBe("challenge"));

  test("goes through a proxy", async () => {
    const before = open.opened.length;
    expect(await firstMessage(`http://127.0.0.1:${open.port}`)).toBe("challenge");
    expect(open.opened.slice(before)).toEqual([`localhost:${server.port}`]);
  });

  test("gives user name and password to a proxy that wants them", async () => {
    expect(await firstMessage(`http://user:p%40ss%3Aw%C3%B6rd@127.0.0.1:${guarded.port}`)).toBe("challenge");
    expect(guarded.opened.length).toBe(1);
  });

  test("tells that the proxy wants a password, or refuses it, without showing it", async () => {
    for (const credentials of ["", "user:wrong-secret@"]) {
      const reason = await firstMessage(`http://${credentials}127.0.0.1:${guarded.port}`);
      expect(reason).toContain("wants a user name and password");
      expect(reason).toContain(`127.0.0.1:${guarded.port}`);
      expect(reason).not.toContain("wrong-secret");
    }
  });

  test("tells that a proxy cannot be reached", async () => {
    expect(await firstMessage("http://127.0.0.1:1")).toContain("through the proxy 127.0.0.1:1");
  });

  test("reaches an IPv6 address, straight and through a proxy", async () => {
    const six = await startFakeServer({ tls: certificate, hostname: "::1" });
    expect(await firstMessage("direct", six.url)).toBe("challenge");
    expect(await firstMessage(`http://127.0.0.1:${open.port}`, six.url)).toBe("challenge");
    expect(open.opened.at(-1)).toBe(`[::1]:${six.port}`);
    await six.stop();
  });

  test("goes through a proxy at an IPv6 address", async () => {
    const six = await startConnectProxy({ hostname: "::1" });
    expect(await firstMessage(`http://[::1]:${six.port}`)).toBe("challenge");
    expect(six.opened.length).toBe(1);
    await six.stop();
  });
});

describe("a proxy script", () => {
  test("chooses by host, and gets the password to where it leads", async () => {
    const text = `function FindProxyForURL(url, host) {
      if (dnsDomainIs(host, ".example.org")) return "DIRECT";
      return shExpMatch(host, "local*") ? "PROXY 127.0.0.1:${guarded.port}" : "PROXY 127.0.0.1:1";
    }`;
    const web = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response(text) });
    const setting = `pac+http://user:p%40ss%3Aw%C3%B6rd@127.0.0.1:${web.port}/proxy.pac`;
    const before = guarded.opened.length;
    expect(await firstMessage(setting)).toBe("challenge");
    expect(guarded.opened.length).toBe(before + 1);
    expect(await proxiesFor(parseProxySetting(setting), "wss://a.example.org/x")()).toEqual([undefined]);
    await web.stop(true);
  });

  test("names several: the next one is taken when one fails", async () => {
    const setting = script(`function FindProxyForURL() { return "PROXY 127.0.0.1:1; SOCKS 127.0.0.1:2; PROXY 127.0.0.1:${open.port}"; }`);
    expect(await firstMessage(setting, server.url, 1)).toContain("127.0.0.1:1");
    expect(await firstMessage(setting, server.url, 2)).toBe("challenge");
  });

  const broken: [what: string, body: string, words: string][] = [
    ["is no script", "function (", "fails"],
    ["has no such function", "var a = 1;", "fails"],
    ["throws", "function FindProxyForURL() { throw new Error('no'); }", "fails"],
    ["offers nothing usable", "function FindProxyForURL() { return 'SOCKS a:1'; }", "offers nothing"],
    ["wants too much memory", "function FindProxyForURL() { var text = 'x'; for (;;) text += text; }", "fails"],
  ];
  for (const [what, body, words] of broken) {
    test(`that ${what} is told`, async () => expect(await firstMessage(script(body))).toContain(words));
  }
  test("that cannot be loaded is told", async () => {
    expect(await firstMessage("pac+file:///nowhere/proxy.pac")).toContain("cannot be loaded");
    expect(await firstMessage("pac+http://127.0.0.1:1/proxy.pac")).toContain("cannot be loaded");
  });
});
