import { expect } from "bun:test";
import { checkHouse } from "@hauswart/testkit/check-house.ts";
import { testNeeding } from "@hauswart/testkit/needs.ts";
import { startSnmpDevice, whyNoSnmpd } from "@hauswart/testkit/snmp-device.ts";
import judged from "../server/index.ts";
import collectors from "./index.ts";

testNeeding(whyNoSnmpd())(
  "MON-10: an agent finds the devices of its network, and tells of a new one by mail",
  async () => {
    const community = "community-4711";
    await using computer = await startSnmpDevice({ community, address: "127.0.77.1" });
    const { port } = computer;
    await using _printer = await startSnmpDevice({
      community,
      port,
      address: "127.0.77.3",
      values: { "1.3.6.1.2.1.43.5.1.1.1.1": ["integer", 1] },
    });
    await using _stranger = await startSnmpDevice({ community: "another", port, address: "127.0.77.4" });
    await using house = await checkHouse({ collectors: collectors as never, judged });
    const settings = { networks: ["127.0.77.0/29"], portNumber: port, community, reportNewDays: 7, answerWithinMs: 1_000 };
    await house.setPolicy([{ check: "snmp-discovery", instance: "Loopback", settings }]);
    const found = await house.waitForCheck("snmp-discovery", "Loopback", ({ state }) => state === "ok");
    expect(found.subjects.map(({ subject, evidence }) => [subject, evidence["kind"] ?? evidence["searchedCount"]])).toEqual([
      ["", 6],
      ["127.0.77.1", expect.stringMatching(/computer|network/)],
      ["127.0.77.3", "printer"],
    ]);

    await using _ups = await startSnmpDevice({
      community,
      port,
      address: "127.0.77.5",
      values: { "1.3.6.1.2.1.33.1.1.1.0": ["octet_str", "Example"] },
    });
    await house.measureNow();
    await house.waitForCheck("snmp-discovery", "Loopback", ({ state }) => state === "warning");
    const mail = await house.mails.waitForMail(({ message }) => message.subject?.includes("127.0.77.5") ?? false);
    expect(mail.message.subject).toContain("Stromversorgung");
  },
  120_000,
);
