import type { JudgedCheck } from "@hauswart/server/services.ts";
import { messages } from "../messages.ts";
import { snmpDiscovery } from "../protocol.ts";
import { judge } from "./judge.ts";

export default [{ definition: snmpDiscovery, judge, messages }] satisfies JudgedCheck[];
