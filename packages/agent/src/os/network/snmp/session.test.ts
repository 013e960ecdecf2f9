import { afterAll, beforeAll, describe, expect } from "bun:test";
import { testNeeding } from "@hauswart/testkit/needs.ts";
import { startSnmpDevice, whyNoSnmpd, type SnmpDevice } from "@hauswart/testkit/snmp-device.ts";
import type { SnmpAccess, SnmpTarget } from "./calls.ts";
import { withSession } from "./session.ts";

const missing = whyNoSnmpd();
const testWithDevice = testNeeding(missing);
const [password, otherPassword] = ["auth-password", "priv-password"];
const name = "1.3.6.1.2.1.1.5.0";

let device: SnmpDevice;
beforeAll(async () => {
  if (missing) return;
  device = await startSnmpDevice({
    community: "community-4711",
    users: [
      ["md5", "MD5", password, "DES", otherPassword],
      ["sha1", "SHA", password, "AES", otherPassword],
      ["sha256", "SHA-256", password, "AES", otherPassword],
      ["sha512", "SHA-512", password, "AES-256", otherPassword],
    ],
    values: {
      "1.3.6.1.4.1.99999.1.0": ["integer", -5],
      "1.3.6.1.4.1.99999.2.0": ["octet_str", "hello"],
      "1.3.6.1.4.1.99999.3.0": ["counter", 4_000_000_000],
    },
  });
});
afterAll(() => device?.[Symbol.asyncDispose]());

/** For a question to which no answer comes. */
const shortly = { timeoutMs: 300 };
const target = (access: SnmpAccess, changes: Partial<SnmpTarget> = {}): SnmpTarget => ({
  target: { address: "127.0.0.1", family: "ipv4" },
  port: device.port,
  access,
  timeoutMs: 10_000,
  retries: 0,
  signal: new AbortController().signal,
  ...changes,
});
const v3 = (user: string, changes: Partial<Extract<SnmpAccess, { version: "v3" }>> = {}): SnmpAccess => ({
  version: "v3",
  user,
  authentication: "sha256",
  authenticationPassword: password,
  privacy: "aes128",
  privacyPassword: otherPassword,
  contextName: "",
  ...changes,
});
const nameOf = (access: SnmpAccess, changes?: Partial<SnmpTarget>) =>
  withSession(target(access, changes), async (session) => {
    const [value] = await session.get([name]);
    return value?.kind === "bytes" ? Buffer.from(value.value).toString() : value;
  });
const reasonOf = (work: Promise<unknown>) =>
  work.then(
    () => "answered",
    (error: { reason?: string }) => error.reason,
  );

describe("a real device answers", () => {
  const ways: [string, SnmpAccess][] = [
    ["v1", { version: "v1", community: "community-4711" }],
    ["v2c", { version: "v2c", community: "community-4711" }],
    ["v3 with MD5 and DES", v3("md5", { authentication: "md5", privacy: "des" })],
    ["v3 with SHA-1 and AES-128", v3("sha1", { authentication: "sha1" })],
    ["v3 with SHA-256 and AES-128", v3("sha256")],
  ];
  for (const [way, access] of ways) testWithDevice(way, async () => expect(await nameOf(access)).toBe("test-device"));

  testWithDevice("v3 with SHA-512 and AES-256, in one of its two kinds", async () => {
    const access = { authentication: "sha512" } as const;
    const kinds = await Promise.all(
      (["aes256", "aes256-cisco"] as const).map((privacy) => reasonOf(nameOf(v3("sha512", { ...access, privacy })))),
    );
    expect(kinds).toContain("answered");
  });

  testWithDevice("values of every kind, missing ones in their place, also where one name spoils the question", async () => {
    const oids = ["1.3.6.1.4.1.99999.1.0", "1.3.6.1.9.9.9", "1.3.6.1.4.1.99999.2.0", "1.3.6.1.4.1.99999.3.0", "1.3.6.1.2.1.1.2.0"];
    for (const version of ["v1", "v2c"] as const) {
      const values = await withSession(target({ version, community: "community-4711" }), (session) => session.get(oids));
      expect(values).toMatchObject([
        { kind: "integer", value: -5 },
        undefined,
        { kind: "bytes", value: Buffer.from("hello") },
        { kind: "counter32", value: 4_000_000_000 },
        { kind: "oid" },
      ] as never);
    }
  });

  testWithDevice("a walk ends at the end of its branch, and at its limit", async () => {
    for (const version of ["v1", "v2c"] as const) {
      const [all, two, none] = await withSession(target({ version, community: "community-4711" }), async (session) => [
        await session.walk("1.3.6.1.2.1.1", 500),
        await session.walk("1.3.6.1.2.1.1", 2),
        await session.walk("1.3.6.1.9", 500),
      ]);
      expect(all.length).toBeGreaterThan(5);
      expect(all.every(({ oid }) => oid.startsWith("1.3.6.1.2.1.1."))).toBe(true);
      expect([two.length, none.length]).toEqual([2, 0]);
    }
  });
});

describe("a real device does not answer", () => {
  testWithDevice("a wrong community gets silence", async () => {
    expect(await reasonOf(nameOf({ version: "v2c", community: "wrong" }, shortly))).toBe("no-answer");
  });
  testWithDevice("a wrong user or password is refused", async () => {
    expect(await reasonOf(nameOf(v3("nobody")))).toBe("refused");
    expect(await reasonOf(nameOf(v3("sha256", { authenticationPassword: "wrong-password" })))).toBe("refused");
    expect(await reasonOf(nameOf(v3("sha256", { privacy: "none" })))).toBe("refused");
  });
  testWithDevice("nobody is there", async () => {
    await using other = await startSnmpDevice({ community: "x" });
    await other.stop();
    expect(["no-answer", "broken"]).toContain(
      (await reasonOf(nameOf({ version: "v2c", community: "x" }, { ...shortly, port: other.port })))!,
    );
  });
  testWithDevice("who asks may give up", async () => {
    const abort = new AbortController();
    const answer = reasonOf(nameOf({ version: "v2c", community: "wrong" }, { signal: abort.signal, timeoutMs: 20_000 }));
    abort.abort();
    expect(await answer).toBe("no-answer");
  });
});
