import type { JudgedCheck } from "@hauswart/server/services.ts";
import { messages } from "../messages.ts";
import { snmp } from "../protocol.ts";
import { judge } from "./judge.ts";

export default [{ definition: snmp, judge, messages }] satisfies JudgedCheck[];
