/** A program for Windows that asks the network, and prints what came of it as JSON. Its words are the ports of a website and of a device. */
import { openNetwork } from "../os/network/network.ts";

const [websitePort, devicePort] = process.argv.slice(-2);
const network = openNetwork(() => import("../os/windows/echo.windows.ts"));
const signal = AbortSignal.timeout(60_000);
const echoOf = (address: string, family: "ipv4" | "ipv6") =>
  network.echo({ target: { address, family }, count: 3, intervalMs: 50, timeoutMs: 1_000, signal });
const website = {
  family: "any",
  httpVersion: "automatic",
  timeoutMs: 10_000,
  bodyLimitBytes: 100_000,
  redirectLimit: 3,
  proxy: "",
  authorities: "",
  texts: ["Warenkorb"],
  signal,
} as const;
const device = {
  target: { address: "127.0.0.1", family: "ipv4" },
  port: Number(devicePort),
  access: { version: "v2c", community: "community-4711" },
  timeoutMs: 2_000,
  retries: 1,
  signal,
} as const;
const attempt = async (work: () => unknown) => {
  try {
    return await work();
  } catch (error) {
    return { error: String(error) };
  }
};

console.log(
  JSON.stringify({
    isConnected: await attempt(() => network.isConnected()),
    resolved: await attempt(() => network.resolve("localhost", "ipv4")),
    ipv4: await attempt(() => echoOf("127.0.0.1", "ipv4")),
    ipv6: await attempt(() => echoOf("::1", "ipv6")),
    nobody: await attempt(() => echoOf("203.0.113.1", "ipv4")),
    website: await attempt(() => network.website({ ...website, url: `https://127.0.0.1:${websitePort}/` })),
    device: await attempt(() => network.snmp.session(device, async (session) => (await session.walk("1.3.6.1.2.1.1", 100)).length)),
  }),
);
process.exit(0);
