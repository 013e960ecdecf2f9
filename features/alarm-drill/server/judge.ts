/** As long as a drill's name comes back, there is a fault to be told; README.md says it in words. */
import type { Judge } from "@hauswart/protocol/check.ts";
import type { alarmDrill } from "../protocol.ts";

export const judge: Judge<typeof alarmDrill> = ({ sample: { drillId } }) => [
  { code: "drill", subject: "", state: drillId === "" ? "ok" : "failure", evidence: { drillId } },
];
