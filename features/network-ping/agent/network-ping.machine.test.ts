import { expect } from "bun:test";
import { checkHouse } from "@hauswart/testkit/check-house.ts";
import { testNeeding } from "@hauswart/testkit/needs.ts";
import judged from "../server/index.ts";
import collectors from "./index.ts";

const name = `hauswart-${process.pid}`;
const [here, there] = [`hw${process.pid % 100_000}a`, `hw${process.pid % 100_000}b`];
const ip = (...words: string[]) => Bun.spawnSync(["ip", ...words], { stderr: "ignore" });
const mustIp = (...words: string[]) => expect([words, ip(...words).exitCode]).toEqual([words, 0]);

/** A device in a network of its own, whose cable can be pulled. */
function device(): { address: string; cable(state: "up" | "down"): void } & Disposable {
  mustIp("netns", "add", name);
  mustIp("link", "add", here, "type", "veth", "peer", "name", there, "netns", name);
  mustIp("addr", "add", "198.18.77.1/30", "dev", here);
  mustIp("link", "set", here, "up");
  mustIp("-n", name, "addr", "add", "198.18.77.2/30", "dev", there);
  mustIp("-n", name, "link", "set", there, "up");
  return {
    address: "198.18.77.2",
    cable: (state) => mustIp("-n", name, "link", "set", there, state),
    [Symbol.dispose]: () => void [ip("link", "del", here), ip("netns", "del", name)],
  };
}

function whyNoNetwork(): string | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "networks of their own need Linux and root";
  const made = ip("netns", "add", `${name}-try`);
  ip("netns", "del", `${name}-try`);
  return made.exitCode === 0 ? undefined : "ip(8) cannot make a network here";
}

testNeeding(whyNoNetwork())(
  "MON-8: a device whose cable is pulled alarms by mail, and is well when it answers again",
  async () => {
    using target = device();
    await using house = await checkHouse({ collectors: collectors as never, judged });
    const settings = { packets: 3, answerWithinMs: 500 };
    await house.setPolicy([{ check: "network-ping", instance: target.address, failuresBeforeFinding: 1, settings }]);
    const well = await house.waitForCheck("network-ping", target.address, ({ state }) => state === "ok");
    expect(well.subjects.find(({ code }) => code === "unreachable")?.evidence).toMatchObject({ outcome: "answered", receivedCount: 3 });

    target.cable("down");
    await house.measureNow();
    await house.waitForCheck("network-ping", target.address, ({ state }) => state === "failure");
    const alarm = await house.mails.waitForMail(({ message }) => message.subject?.includes(`Nicht erreichbar: ${target.address}`) ?? false);
    expect(alarm.message.text).toContain("PC-EMPFANG");
    expect(alarm.message.text).toContain("auf keines von 3 Paketen geantwortet");

    target.cable("up");
    await house.measureNow();
    await house.waitForCheck("network-ping", target.address, ({ state }) => state === "ok");
    const { items } = await house.server.api("listFindings", { query: { state: "all" } });
    expect(items.map(({ code, closedAt }) => [code, closedAt !== null])).toEqual([["unreachable", true]]);
  },
  180_000,
);
