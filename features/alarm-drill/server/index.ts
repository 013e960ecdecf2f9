import type { JudgedCheck } from "@hauswart/server/services.ts";
import { messages } from "../messages.ts";
import { alarmDrill } from "../protocol.ts";
import { judge } from "./judge.ts";

export default [{ definition: alarmDrill, judge, messages }] satisfies JudgedCheck[];
