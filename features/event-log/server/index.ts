import type { JudgedCheck } from "@hauswart/server/services.ts";
import { messages } from "../messages.ts";
import { eventLog } from "../protocol.ts";
import { judge } from "./judge.ts";

export default [{ definition: eventLog, judge, messages }] satisfies JudgedCheck[];
