import { expect } from "bun:test";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { DeviceCheck } from "@hauswart/protocol/api/models.ts";
import { checkHouse } from "@hauswart/testkit/check-house.ts";
import { testNeeding } from "@hauswart/testkit/needs.ts";
import { startSnmpDevice, whyNoSnmpd, type SnmpDeviceValue } from "@hauswart/testkit/snmp-device.ts";
import judged from "../server/index.ts";
import collectors from "./index.ts";

const testWithDevice = testNeeding(whyNoSnmpd());
const [temperature, level] = ["1.3.6.1.4.1.99999.7.0", "1.3.6.1.2.1.43.11.1.1.9.1.1"];
const printer = (celsius: number, toner: number): Record<string, SnmpDeviceValue> => ({
  [temperature]: ["integer", celsius],
  "1.3.6.1.2.1.43.11.1.1.6.1.1": ["octet_str", "Black toner"],
  "1.3.6.1.2.1.43.11.1.1.8.1.1": ["integer", 400],
  [level]: ["integer", toner],
  "1.3.6.1.2.1.33.1.2.1.0": ["integer", 2],
  "1.3.6.1.2.1.33.1.2.3.0": ["integer", 42],
  "1.3.6.1.2.1.33.1.2.4.0": ["integer", 97],
  "1.3.6.1.2.1.33.1.4.1.0": ["integer", 3],
  "1.3.6.1.2.1.33.1.4.4.1.5.1": ["integer", 20],
});
const secrets = { authenticationPassword: "auth-4711-nordwind", privacyPassword: "priv-4711-suedwind" };

const evidenceOf = ({ subjects }: DeviceCheck, code: string, subject = "") =>
  subjects.find((one) => one.code === code && one.subject === subject)?.evidence;

testWithDevice(
  "MON-10: a device is asked with v3, gets too hot and runs out of toner: the alarm mail comes, and nobody reads the passwords",
  async () => {
    await using device = await startSnmpDevice({
      users: [["hauswart", "SHA-256", secrets.authenticationPassword, "AES", secrets.privacyPassword]],
      values: printer(35, 200),
    });
    await using house = await checkHouse({ collectors: collectors as never, judged });
    const settings = {
      target: "127.0.0.1",
      portNumber: device.port,
      version: "v3",
      user: "hauswart",
      ...secrets,
      values: [`Temperature = ${temperature}`],
      limits: ["Temperature > 60", "Temperature > 40 warning"],
      interfacesUp: ["lo"],
    };
    await house.setPolicy([{ check: "snmp", instance: "Cellar", failuresBeforeFinding: 1, settings }]);
    const well = await house.waitForCheck("snmp", "Cellar", ({ state }) => state === "ok");
    expect(evidenceOf(well, "not-answering")).toMatchObject({ deviceName: "test-device", outcome: "answered" });
    expect(evidenceOf(well, "value", "Temperature")).toMatchObject({ value: 35 });
    expect(evidenceOf(well, "supply", "Black toner")).toMatchObject({ levelPercent: 50 });
    expect(evidenceOf(well, "interface-down", "lo")).toMatchObject({ interfaceState: "up" });
    expect(evidenceOf(well, "battery")).toMatchObject({
      upsBattery: "normal",
      upsChargePercent: 97,
      upsRemainingSeconds: 42 * 60,
      upsLoadPercent: 20,
    });

    // The second measurement has rates.
    await house.measureNow();
    const rated = await house.waitForCheck(
      "snmp",
      "Cellar",
      (found) => typeof evidenceOf(found, "interface-down", "lo")?.["inBitsPerSecond"] === "number",
    );
    expect(evidenceOf(rated, "interface-errors", "lo")).toMatchObject({ errorsPerMinute: 0 });

    await device.start(printer(65, 2));
    await house.measureNow();
    await house.waitForCheck("snmp", "Cellar", ({ state }) => state === "failure");
    const alarm = await house.mails.waitForMail(({ message }) => message.subject?.includes("PC-EMPFANG") ?? false);
    expect(alarm.message.text).toContain("Temperature 65: test-device");
    expect(alarm.message.text).toContain("Black toner: noch 0,5");

    // The agent alone holds the passwords, in a folder that its administrator alone reads.
    const held = readdirSync(house.agentFolder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => join(house.agentFolder, name));
    const holders = held.filter((path) => readFileSync(path, "latin1").includes(secrets.privacyPassword));
    expect(holders.map((path) => [path.slice(house.agentFolder.length + 1), statSync(path).mode & 0o077])).toEqual([
      ["configuration.json", 0],
    ]);
    expect(house.agentLog.join("\n")).not.toContain("4711");
    const told = JSON.stringify([
      await house.server.api("listDeviceChecks", { params: { deviceId: house.deviceId } }),
      await house.server.api("listAudit"),
    ]);
    expect(told).not.toContain("4711");

    await device.stop();
    await house.measureNow();
    const silent = await house.waitForCheck("snmp", "Cellar", (found) => evidenceOf(found, "not-answering")?.["outcome"] === "no-answer");
    expect(silent.state).toBe("failure");

    await device.start(printer(35, 200));
    await house.measureNow();
    await house.waitForCheck("snmp", "Cellar", ({ state }) => state === "ok");
  },
  120_000,
);
