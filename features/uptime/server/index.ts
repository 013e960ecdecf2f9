import type { JudgedCheck } from "@hauswart/server/services.ts";
import { messages } from "../messages.ts";
import { uptime } from "../protocol.ts";
import { judge } from "./judge.ts";

export default [{ definition: uptime, judge, messages }] satisfies JudgedCheck[];
