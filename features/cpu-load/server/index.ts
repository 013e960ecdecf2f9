import type { JudgedCheck } from "@hauswart/server/services.ts";
import { messages } from "../messages.ts";
import { cpuLoad } from "../protocol.ts";
import { judge } from "./judge.ts";

export default [{ definition: cpuLoad, judge, messages }] satisfies JudgedCheck[];
