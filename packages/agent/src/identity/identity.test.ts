import { describe, expect, test } from "bun:test";
import { keyFileName, makeKey, readKey, verifierOf } from "./key.ts";
import { AddressError, serverAddress } from "./server-address.ts";

describe("keys", () => {
  test("are read as they were written, sign, and are checked", async () => {
    const { key, pem } = await makeKey();
    const again = await readKey(pem);
    expect(again.publicKey).toBe(key.publicKey);
    expect(Buffer.from(key.publicKey, "base64").length).toBe(32);
    const verify = await verifierOf(key.publicKey);
    const message = new TextEncoder().encode("message");
    const signature = await again.sign(message);
    expect(await verify(message, signature)).toBe(true);
    expect(await verify(new TextEncoder().encode("massage"), signature)).toBe(false);
    expect(await (await verifierOf((await makeKey()).key.publicKey))(message, signature)).toBe(false);
  });
  test("are files of their own", async () => {
    const names = await Promise.all([makeKey(), makeKey()].map(async (made) => keyFileName((await made).key.publicKey)));
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(name).toMatch(/^identity-[0-9a-f]{16}\.key$/);
  });
  test("what is no key is refused", async () => {
    await expect(readKey("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")).rejects.toThrow();
  });
});

describe("the server's address", () => {
  const good: [given: string, server: string, link: string][] = [
    ["https://hauswart.example.org", "https://hauswart.example.org", "wss://hauswart.example.org/agent/v1/link"],
    ["https://example.org:8443/rmm/", "https://example.org:8443/rmm", "wss://example.org:8443/rmm/agent/v1/link"],
    ["https://[2001:db8::1]", "https://[2001:db8::1]", "wss://[2001:db8::1]/agent/v1/link"],
    ["http://127.0.0.1:3000", "http://127.0.0.1:3000", "ws://127.0.0.1:3000/agent/v1/link"],
    ["http://[::1]:3000", "http://[::1]:3000", "ws://[::1]:3000/agent/v1/link"],
    ["http://localhost:3000", "http://localhost:3000", "ws://localhost:3000/agent/v1/link"],
  ];
  for (const [given, server, linkUrl] of good) {
    test(`${given} is understood`, () =>
      expect(serverAddress(given)).toMatchObject({ server, linkUrl, enrolUrl: `${server}/agent/v1/enrol` }));
  }
  const bad = [
    "hauswart.example.org",
    "http://example.org",
    "http://127.0.0.1.example.org",
    "http://10.0.0.1",
    "ftp://x",
    "https://user:pw@example.org",
    "https://example.org?x=1",
    "",
  ];
  for (const given of bad) test(`"${given}" is refused`, () => expect(() => serverAddress(given)).toThrow(AddressError));
});
