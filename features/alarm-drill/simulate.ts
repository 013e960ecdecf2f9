import { simulatedCheck } from "@hauswart/simulator/simulated-check.ts";
import type { alarmDrill } from "./protocol.ts";

export default [simulatedCheck<typeof alarmDrill>({ check: "alarm-drill", version: 1, sample: () => ({ drillId: "" }) })];
