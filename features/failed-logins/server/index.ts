import type { JudgedCheck } from "@hauswart/server/services.ts";
import { messages } from "../messages.ts";
import { failedLogins } from "../protocol.ts";
import { judge } from "./judge.ts";

export default [{ definition: failedLogins, judge, messages }] satisfies JudgedCheck[];
