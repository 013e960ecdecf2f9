import { describe, expect, test } from "bun:test";
import { parseReply } from "../windows/echo.windows.ts";
import { echoReplySequence, echoRequest, internetChecksum } from "./echo-packet.ts";
import { Gate } from "./gate.ts";
import { localNetworks, resolve } from "./resolve.ts";
import { ipv4Bytes, ipv6Bytes, socketAddress } from "./socket-address.ts";

const mark = Uint8Array.from({ length: 16 }, (_, index) => index + 1);

describe("packets", () => {
  test("the checksum is the one of RFC 1071's example, also with an odd byte", () => {
    expect(internetChecksum(Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7))).toBe(0xddf2 ^ 0xffff);
    expect(internetChecksum(Uint8Array.of(0x01))).toBe(0xfeff);
  });

  test("a request sums up to nothing, as its receiver checks", () => {
    const packet = echoRequest("ipv4", 0x1234, 3, mark);
    expect([...packet.subarray(0, 2), ...packet.subarray(4, 8)]).toEqual([8, 0, 0x12, 0x34, 0, 3]);
    expect(internetChecksum(packet)).toBe(0);
    expect(echoRequest("ipv6", 1, 2, mark).subarray(0, 4)).toEqual(Uint8Array.of(128, 0, 0, 0));
  });

  const reply = (family: "ipv4" | "ipv6") => Object.assign(echoRequest(family, 7, 258, mark), { 0: family === "ipv4" ? 0 : 129 });
  const header = Uint8Array.from({ length: 24 }, (_, index) => (index === 0 ? 0x46 : 0));

  test("an answer is known by its mark, with or without the header before it", () => {
    expect(echoReplySequence("ipv4", reply("ipv4"), mark)).toBe(258);
    expect(echoReplySequence("ipv4", Uint8Array.from([...header, ...reply("ipv4")]), mark)).toBe(258);
    expect(echoReplySequence("ipv6", reply("ipv6"), mark)).toBe(258);
  });

  test.each<[string, Uint8Array]>([
    ["our own request", echoRequest("ipv4", 7, 1, mark)],
    ["somebody else's", Object.assign(reply("ipv4"), { 20: 99 })],
    ["another message", Object.assign(reply("ipv4"), { 0: 3 })],
    ["a piece", reply("ipv4").subarray(0, 12)],
    ["nothing", new Uint8Array()],
    ["a header alone", header],
  ])("%s is no answer", (_, bytes) => expect(echoReplySequence("ipv4", bytes, mark)).toBeUndefined());
});

describe("addresses", () => {
  test.each([
    ["::", "00000000000000000000000000000000"],
    ["::1", "00000000000000000000000000000001"],
    ["fe80::1%eth0", "fe800000000000000000000000000001"],
    ["2001:db8:1:2:3:4:5:6", "20010db8000100020003000400050006"],
    ["2001:db8::", "20010db8000000000000000000000000"],
    ["::ffff:192.0.2.1", "00000000000000000000ffffc0000201"],
  ])("%s", (text, hex) => expect(Buffer.from(ipv6Bytes(text)!).toString("hex")).toBe(hex));

  test.each(["", ":", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "g::", "192.0.2.1"])(
    "%j is none of IPv6",
    (text) => expect(ipv6Bytes(text)).toBeUndefined(),
  );
  test.each(["", "1.2.3", "1.2.3.256", "1.2.3.4.5", "a.b.c.d", "::1"])("%j is none of IPv4", (text) =>
    expect(ipv4Bytes(text)).toBeUndefined(),
  );

  test("are laid out as the systems want them", () => {
    const bsd = { families: { ipv4: 2, ipv6: 30 }, beginsWithLength: true };
    const linux = { families: { ipv4: 2, ipv6: 10 }, beginsWithLength: false };
    expect(Buffer.from(socketAddress({ address: "192.0.2.1", family: "ipv4" }, linux)).toString("hex")).toBe(
      "02000000c00002010000000000000000",
    );
    expect([...socketAddress({ address: "192.0.2.1", family: "ipv4" }, bsd).subarray(0, 2)]).toEqual([16, 2]);
    const zoned = socketAddress({ address: "fe80::1%3", family: "ipv6" }, bsd, 3);
    expect([zoned[0], zoned[1], zoned[24], zoned.length]).toEqual([28, 30, 3, 28]);
    expect(() => socketAddress({ address: "nobody", family: "ipv4" }, linux)).toThrow(RangeError);
  });
});

test("a reply of Windows is read from its bytes", () => {
  const answer = new Uint8Array(64);
  const view = new DataView(answer.buffer);
  view.setUint32(8, 17, true);
  expect(parseReply("ipv4", answer)).toEqual({ status: 0, tripMs: 17 });
  view.setUint32(28, 11_003, true);
  view.setUint32(32, 0, true);
  expect(parseReply("ipv6", answer)).toEqual({ status: 11_003, tripMs: 0.5 });
});

test("a gate lets in so many at a time, in order, whatever becomes of them", async () => {
  const gate = new Gate(2);
  const began: number[] = [];
  let most = 0;
  let inside = 0;
  const work = (number: number) =>
    gate.enter(async () => {
      began.push(number);
      most = Math.max(most, ++inside);
      await Bun.sleep(1);
      inside--;
      if (number === 1) throw new Error("on purpose");
      return number;
    });
  const results = await Promise.allSettled([0, 1, 2, 3, 4].map(work));
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "fulfilled", "fulfilled"]);
  expect([began, most]).toEqual([[0, 1, 2, 3, 4], 2]);
});

describe("names", () => {
  test.each([
    ["192.0.2.1", "any", [{ address: "192.0.2.1", family: "ipv4" }]],
    ["192.0.2.1", "ipv6", "not-found"],
    ["2001:db8::1", "ipv4", "not-found"],
    ["fe80::1%eth0", "any", [{ address: "fe80::1%eth0", family: "ipv6" }]],
  ] as const)("%s as %s is not asked for", async (name, family, expected) => {
    expect(await resolve(name, family)).toEqual(expected as never);
  });

  test("this computer's own is known", async () => {
    expect(await resolve("localhost", "ipv4")).toEqual([{ address: "127.0.0.1", family: "ipv4" }]);
  });

  test("networks are told by their first address", () => {
    for (const network of localNetworks()) {
      const [address, length] = network.split("/");
      const first = new DataView(ipv4Bytes(address!)!.buffer).getUint32(0);
      expect(first % 2 ** (32 - Number(length))).toBe(0);
    }
  });
});
