import { expect } from "bun:test";
import { checkHouse } from "@hauswart/testkit/check-house.ts";
import { osOf } from "@hauswart/testkit/machine-os.ts";
import type { ReceivedMail } from "@hauswart/testkit/mail-server.ts";
import { machineTest } from "@hauswart/testkit/machine-test.ts";
import { bootMachine, type Machine } from "@hauswart/testkit/nspawn.ts";
import judged from "../server/index.ts";
import { ataAnswer, nvmeAnswer } from "./testing/made-smartctl.ts";
import collectors from "./index.ts";

const testOnMachine = machineTest();

/** A mail's text, whose lines break where they are full. */
const textOf = ({ message }: ReceivedMail) => (message.text ?? "").replaceAll(/\s+/g, " ");

/** A smartctl that knows two drives: the machine has no drives of its own. */
async function installSmartctl(machine: Machine): Promise<void> {
  const devices = {
    devices: [
      { name: "/dev/sda", type: "sat" },
      { name: "/dev/nvme0", type: "nvme" },
    ],
  };
  await machine.writeFile("/run/drives/scan.json", JSON.stringify(devices));
  const script = `#!/bin/sh
set -eu
for word; do last="$word"; done
case "$*" in
  "--scan-open --json=c") cat /run/drives/scan.json ;;
  *) cat "/run/drives/$(basename "$last").json" ;;
esac
`;
  await machine.writeFile("/usr/local/sbin/smartctl", script, "0755");
}

const drive = (machine: Machine, name: string, answer: Record<string, unknown>) =>
  machine.writeFile(`/run/drives/${name}.json`, JSON.stringify(answer));

testOnMachine(
  "MON-5: a drive that replaces sectors, and one that predicts its failure, alarm by mail; a new drive ends it",
  async () => {
    await using machine = await bootMachine();
    await installSmartctl(machine);
    await drive(machine, "sda", ataAnswer({}));
    await drive(machine, "nvme0", nvmeAnswer({}));
    using os = osOf(machine);
    await using house = await checkHouse({ collectors: collectors as never, judged, os });
    const measured = async (state: string) => {
      await house.measureNow();
      return house.waitForCheck("disk-health", "", (check) => check.state === state);
    };
    const mailThatSays = (words: string) => house.mails.waitForMail((mail) => textOf(mail).includes(words));

    const well = await measured("ok");
    expect(new Set(well.subjects.map(({ subject }) => subject))).toEqual(
      new Set(["HAUSWART HD 4000 HW-0001", "HAUSWART NVME 1TB HW-N-0002"]),
    );

    await drive(machine, "sda", ataAnswer({ raw: { 5: 8 } }));
    await measured("warning");
    const bad = await mailThatSays("Datenträger HAUSWART HD 4000 HW-0001 hat 8 defekte Sektoren ersetzt");
    expect(textOf(bad)).toContain("PC-EMPFANG");
    expect(textOf(bad)).toContain("Prüfen Sie die Sicherung");

    await drive(machine, "nvme0", nvmeAnswer({ passed: false, log: { critical_warning: 4 } }));
    await measured("failure");
    const failing = await mailThatSays("Datenträger HAUSWART NVME 1TB HW-N-0002 meldet baldigen Ausfall");
    expect(textOf(failing)).toContain("Grund: critical warning 0x4");

    await drive(machine, "sda", ataAnswer({ serial: "HW-0009" }));
    await drive(machine, "nvme0", nvmeAnswer({}));
    const renewed = await measured("ok");
    expect(renewed.subjects.some(({ subject }) => subject === "HAUSWART HD 4000 HW-0009")).toBe(true);
    const { items } = await house.server.api("listFindings", { query: { state: "all" } });
    expect(items.every(({ closedAt }) => closedAt !== null)).toBe(true);
    expect(new Set(items.map(({ code }) => code))).toEqual(new Set(["bad-sectors", "errors-growing", "predicted-failure"]));
  },
  300_000,
);
