import { simulatedCheck } from "@hauswart/simulator/simulated-check.ts";
import { noPowerSupply } from "./protocol/power-supply.ts";
import type { snmp } from "./protocol.ts";

const hourMs = 3_600_000;

export default [
  simulatedCheck<typeof snmp>({
    check: "snmp",
    version: 2,
    sample(computer, atMs) {
      // An office printer, whose toner lasts for some months.
      const printedHours = Math.floor(atMs / hourMs) + (computer.seed % 2_000);
      return {
        target: "192.168.0.30",
        address: "192.168.0.30",
        outcome: "answered",
        problem: "",
        deviceName: "printer",
        description: "Laser printer",
        place: "Office",
        uptimeSeconds: (printedHours % 700) * 3_600,
        values: [],
        interfaces: [
          {
            name: "eth0",
            alias: "",
            wanted: "up",
            state: "up",
            megabitCount: 1_000,
            inBitsPerSecond: 1_200 + (printedHours % 37) * 10,
            outBitsPerSecond: 400 + (printedHours % 23) * 10,
            errorsPerMinute: 0,
          },
        ],
        supplies: [{ name: "Black toner", state: "measured", levelPercent: Math.floor(100 - (printedHours % 2_000) / 22) }],
        printerProblems: "",
        isPrinter: true,
        ...noPowerSupply,
      };
    },
  }),
];
