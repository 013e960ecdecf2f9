/** What the systems say of who is signed in, as their own pages describe it. */
import { describe, expect, test } from "bun:test";
import { parseSession, parseUtmp } from "./linux/signed-in.linux.ts";
import { parseWho } from "./macos/signed-in.macos.ts";
import { personOf } from "./windows/signed-in.windows.ts";
import { parseSessionDetails } from "./windows/sessions.windows.ts";

describe("a session of logind", () => {
  const session = (change: Record<string, unknown> = {}) => ({
    Name: "m.muster",
    Timestamp: 1_795_334_400_123_456n,
    Class: "user",
    Type: "wayland",
    Service: "gdm-password",
    State: "active",
    Remote: false,
    LockedHint: false,
    IdleHint: false,
    ...change,
  });

  test("tells name, way, since when, and how it stands", () => {
    expect(parseSession(session())).toEqual({ name: "m.muster", by: "screen", since: 1_795_334_400_123, state: "active" });
  });

  test.each([
    [{ Type: "x11", Remote: true }, "remote-desktop"],
    [{ Type: "x11", Service: "xrdp-sesman" }, "remote-desktop"],
    [{ Type: "tty", Remote: true, Service: "sshd" }, "ssh"],
    [{ Type: "tty", Service: "login" }, "text-console"],
    [{ Type: "unspecified", Service: "sshd" }, "ssh"],
    [{ Type: "web", Service: "cockpit", Remote: true }, "other"],
  ] as const)("%o is by %s", (change, by) => {
    expect(parseSession(session(change))?.by).toBe(by);
  });

  test.each([
    [{ LockedHint: true, IdleHint: true }, "locked"],
    [{ IdleHint: true }, "idle"],
    [{ State: "online" }, "disconnected"],
    [{ State: "made-up" }, null],
  ] as const)("%o stands as %s", (change, state) => {
    expect(parseSession(session(change))?.state).toBe(state);
  });

  test("of a greeter, a job, a service or one that ends is nobody's", () => {
    for (const change of [
      { Class: "greeter" },
      { Class: "background" },
      { Class: "manager" },
      { Class: "user-incomplete" },
      { State: "closing" },
      { Name: "" },
    ])
      expect(parseSession(session(change))).toBeUndefined();
    expect(parseSession(session({ Class: "user-early" }))).toBeDefined();
    for (const nothing of [undefined, null, "text", {}, []]) expect(parseSession(nothing)).toBeUndefined();
  });

  test("without a time has none", () => {
    expect(parseSession(session({ Timestamp: 0n }))?.since).toBeNull();
    expect(parseSession(session({ Timestamp: "soon" }))?.since).toBeNull();
  });
});

describe("utmp", () => {
  function record(of: { type: number; process: number; line: string; name: string; host?: string; at: number }, isWide = false): Buffer {
    const bytes = Buffer.alloc(isWide ? 400 : 384);
    bytes.writeInt16LE(of.type, 0);
    bytes.writeInt32LE(of.process, 4);
    bytes.write(of.line, 8);
    bytes.write(of.name, 44);
    bytes.write(of.host ?? "", 76);
    if (isWide) bytes.writeBigInt64LE(BigInt(of.at), 344);
    else bytes.writeInt32LE(of.at, 340);
    return bytes;
  }
  const user = { type: 7, process: 100, line: "tty1", name: "anna", at: 1_795_334_400 };
  const parse = (...records: Buffer[]) => parseUtmp(Buffer.concat(records), false, (processId) => processId === 100);

  test("tells who is signed in where, and since when", () => {
    expect(
      parse(
        record(user),
        record({ ...user, line: "pts/0", name: "ben", host: "192.168.1.5" }),
        record({ ...user, line: ":0", name: "cora" }),
      ),
    ).toEqual([
      { name: "anna", by: "text-console", since: 1_795_334_400_000, state: null },
      { name: "ben", by: "ssh", since: 1_795_334_400_000, state: null },
      { name: "cora", by: "screen", since: 1_795_334_400_000, state: null },
    ]);
  });

  test("of 64 bits as well", () => {
    expect(parseUtmp(record(user, true), true, () => true)).toEqual([
      { name: "anna", by: "text-console", since: 1_795_334_400_000, state: null },
    ]);
  });

  test("leaves out who went without a word, windows of a screen, other records and a last one that is cut", () => {
    expect(
      parse(
        record({ ...user, process: 101 }),
        record({ ...user, line: "pts/1", host: ":0" }),
        record({ ...user, line: "pts/2" }),
        record({ ...user, line: "pts/3", host: "tmux(4711).%0" }),
        record({ ...user, type: 8 }),
        record({ ...user, name: "" }),
        record(user).subarray(0, 380),
      ),
    ).toEqual([]);
  });
});

describe("who(1) of macOS", () => {
  const nowMs = new Date(2026, 10, 22, 21, 0).getTime();

  test("tells the screen and who came by ssh; windows of the screen are the same person", () => {
    const output =
      "anna             console      Nov 22 08:12 \nanna             ttys000      Nov 22 08:15 \nben              ttys001      Nov  3 09:30 (192.168.1.5)\n";
    expect(parseWho(output, nowMs)).toEqual([
      { name: "anna", by: "screen", since: new Date(2026, 10, 22, 8, 12).getTime(), state: null },
      { name: "ben", by: "ssh", since: new Date(2026, 10, 3, 9, 30).getTime(), state: null },
    ]);
  });

  test("takes a day that is still to come for one of last year", () => {
    expect(parseWho("anna console Dec 30 08:12\n", nowMs)[0]!.since).toBe(new Date(2025, 11, 30, 8, 12).getTime());
    expect(parseWho("anna console Foo 30 08:12\n", nowMs)[0]!.since).toBeNull();
  });

  test("is empty when nobody is, and what is none of its lines is left out", () => {
    expect(parseWho("", nowMs)).toEqual([]);
    expect(parseWho("who: /var/run/utmpx: No such file\n", nowMs)).toEqual([]);
  });
});

describe("a session of Windows", () => {
  const session = { sessionId: 1, user: "KANZLEI\\m.muster", state: "active", isConsole: true, isRemote: false } as const;
  const details = { signedInAtMs: 5, isLocked: false, idleMs: 0 };

  test.each([
    [{}, "screen", "active"],
    [{ isRemote: true, isConsole: false }, "remote-desktop", "active"],
    [{ isLocked: true, idleMs: 3_600_000 }, "screen", "locked"],
    [{ idleMs: 3_600_000 }, "screen", "idle"],
    [{ state: "disconnected", isLocked: true }, "screen", "disconnected"],
    [{ state: "connected", isLocked: null }, "screen", null],
  ] as const)("%o", (change, by, state) => {
    expect(personOf({ ...session, ...details, ...change })).toEqual({ name: "KANZLEI\\m.muster", by, since: 5, state });
  });

  test("without a person is nobody's", () => {
    expect(personOf({ ...session, ...details, user: "" })).toBeUndefined();
  });

  test("tells its details where Windows lays them out as WTSINFOEXW", () => {
    const bytes = Buffer.alloc(232);
    const fileTime = (ms: number) => BigInt(ms + 11_644_473_600_000) * 10_000n;
    bytes.writeUInt32LE(1, 0);
    bytes.writeUInt32LE(0, 16);
    bytes.writeBigUInt64LE(fileTime(1_795_334_400_000), 168);
    bytes.writeBigUInt64LE(fileTime(1_795_334_500_000), 192);
    bytes.writeBigUInt64LE(fileTime(1_795_334_560_000), 200);
    expect(parseSessionDetails(bytes)).toEqual({ signedInAtMs: 1_795_334_400_000, isLocked: true, idleMs: 60_000 });
    bytes.writeInt32LE(-1, 16);
    bytes.writeBigUInt64LE(0n, 168);
    bytes.writeBigUInt64LE(0n, 192);
    expect(parseSessionDetails(bytes)).toEqual({ signedInAtMs: null, isLocked: null, idleMs: null });
    expect(parseSessionDetails(bytes.subarray(0, 100))).toEqual({ signedInAtMs: null, isLocked: null, idleMs: null });
  });
});
