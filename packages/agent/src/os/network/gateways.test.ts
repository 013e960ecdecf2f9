import { describe, expect, test } from "bun:test";
import { linuxGateways, macosCard, macosGateways, windowsGateways } from "./gateways.ts";
import { lookByEcho } from "./look-by-echo.ts";

describe("gateways on Linux", () => {
  const head = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n";
  const route = (...fields: (string | number)[]) => `${fields.join("\t")}\n`;
  const cards = [
    "IP address       HW type     Flags       HW address            Mask     Device",
    "192.168.7.1      0x1         0x2         a4:2b:b0:01:02:03     *        eth0",
    "192.168.7.2      0x1         0x0         00:00:00:00:00:00     *        eth0",
  ].join("\n");

  test("are the default routes, by metric, with the network card that is known", () => {
    const routes = [
      head,
      route("wlan0", "00000000", "0207A8C0", "0003", 0, 0, 600, "00000000", 0, 0, 0),
      route("eth0", "00000000", "0107A8C0", "0003", 0, 0, 100, "00000000", 0, 0, 0),
      route("eth0", "0007A8C0", "00000000", "0001", 0, 0, 100, "00FFFFFF", 0, 0, 0),
      // Half of the internet by a tunnel, and a route that is down.
      route("tun0", "00000000", "01000A0A", "0003", 0, 0, 0, "00000080", 0, 0, 0),
      route("eth1", "00000000", "0109A8C0", "0002", 0, 0, 0, "00000000", 0, 0, 0),
    ].join("");
    expect(linuxGateways(routes, "", cards)).toEqual([{ address: "192.168.7.1", card: "a4:2b:b0:01:02:03" }, { address: "192.168.7.2" }]);
  });

  test("of IPv6 stand behind those of IPv4; a route without a gateway is none", () => {
    const zeros = "0".repeat(32);
    const six = [
      `${zeros} 00 ${zeros} 00 fe80000000000000020c29fffe010203 00000400 00000003 00000000 00450003     eth0`,
      `${zeros} 00 ${zeros} 00 ${zeros} ffffffff 00000001 00000000 00200200       lo`,
      `fd000000000000000000000000000000 40 ${zeros} 00 ${zeros} 00000100 00000001 00000000 00000001     eth0`,
    ].join("\n");
    expect(linuxGateways("", six, cards)).toEqual([{ address: "fe80::20c:29ff:fe01:203" }]);
    expect(linuxGateways("", "", "")).toEqual([]);
  });
});

describe("gateways on Windows", () => {
  const table = (rowBytes: number, ...rows: ((row: Buffer) => void)[]) => {
    const bytes = Buffer.alloc(4 + rows.length * rowBytes);
    bytes.writeUInt32LE(rows.length);
    rows.forEach((write, index) => write(bytes.subarray(4 + index * rowBytes, 4 + (index + 1) * rowBytes)));
    return bytes;
  };
  const route = (target: string, mask: string, via: string, metric: number) => (row: Buffer) => {
    [target, mask].forEach((address, index) => row.set(address.split(".").map(Number), index * 4));
    row.set(via.split(".").map(Number), 12);
    row.writeUInt32LE(metric, 36);
  };
  const card = (address: string, bytes: number[]) => (row: Buffer) => {
    row.writeUInt32LE(bytes.length, 4);
    row.set(bytes, 8);
    row.set(address.split(".").map(Number), 16);
  };

  test("are the default routes of its table, with the network card that is known", () => {
    const routes = table(
      56,
      route("0.0.0.0", "0.0.0.0", "10.1.0.254", 50),
      route("0.0.0.0", "0.0.0.0", "10.1.0.1", 25),
      route("10.1.0.0", "255.255.255.0", "10.1.0.20", 281),
      route("0.0.0.0", "0.0.0.0", "0.0.0.0", 1),
    );
    const cards = table(24, card("10.1.0.9", [1, 2, 3, 4, 5, 6]), card("10.1.0.1", [0xa4, 0x2b, 0xb0, 1, 2, 3]));
    expect(windowsGateways(routes, cards)).toEqual([{ address: "10.1.0.1", card: "a4:2b:b0:01:02:03" }, { address: "10.1.0.254" }]);
  });

  test("a table that says more than it holds is read as far as it goes", () => {
    const routes = table(56, route("0.0.0.0", "0.0.0.0", "10.1.0.1", 1));
    routes.writeUInt32LE(1_000_000);
    expect(windowsGateways(routes, Buffer.alloc(0))).toEqual([{ address: "10.1.0.1" }]);
    expect(windowsGateways(Buffer.alloc(0), Buffer.alloc(4))).toEqual([]);
  });
});

describe("gateways on macOS", () => {
  const route = (gateway: string) =>
    `   route to: default\ndestination: default\n       mask: default\n${gateway}  interface: en0\n      flags: <UP,GATEWAY,DONE,STATIC>\n`;
  const known = "? (192.168.1.1) at a4:2b:b0:1:2:3 on en0 ifscope [ethernet]\n";

  test("are what route says, with the network card that arp knows", () => {
    expect(macosGateways(route("    gateway: 192.168.1.1\n"), known)).toEqual([{ address: "192.168.1.1", card: "a4:2b:b0:01:02:03" }]);
    expect(macosGateways(route("    gateway: fe80::1%en0\n"), "")).toEqual([{ address: "fe80::1" }]);
    expect(macosGateways(route("      index: 12 utun3\n"), "")).toEqual([]);
    expect(macosGateways("route: writing to routing socket: not in table\n", "")).toEqual([]);
  });

  test("a card that is not resolved, and one of another address, is none", () => {
    expect(macosCard("? (192.168.1.7) at (incomplete) on en0 ifscope [ethernet]\n", "192.168.1.7")).toBeUndefined();
    expect(macosCard("192.168.1.7 (192.168.1.7) -- no entry\n", "192.168.1.7")).toBeUndefined();
    expect(macosCard(known, "192.168.1.10")).toBeUndefined();
  });
});

describe("ALM-1 looking for a neighbour by ping and by its network card", () => {
  const answer =
    (...roundTripsMs: number[]) =>
    async () => ({ sentCount: 3, roundTripsMs, isReportedUnreachable: false });
  const never = async (): Promise<boolean> => {
    throw new Error("nobody has to ask");
  };
  test.each([
    ["answers: it has a network card", { echo: answer(0.4), resolves: never }, { answers: true, resolves: true }],
    ["drops pings", { echo: answer(), resolves: async () => true }, { answers: false, resolves: true }],
    ["is not there", { echo: answer(), resolves: async () => false }, { answers: false, resolves: false }],
    [
      "cannot be pinged from here",
      { echo: async () => ({ notSent: "not-permitted" as const, detail: "" }), resolves: async () => null },
      { answers: null, resolves: null },
    ],
    [
      "cannot be looked for at all",
      { echo: () => Promise.reject(new Error("no library")), resolves: never },
      { answers: null, resolves: null },
    ],
  ])("one that %s", async (_, look, expected) => {
    expect(await lookByEcho("192.168.7.20", look)).toEqual(expected);
  });
});
