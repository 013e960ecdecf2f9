import type { JudgedCheck } from "@hauswart/server/services.ts";
import { messages } from "../messages.ts";
import { timeSkew } from "../protocol.ts";
import { judge } from "./judge.ts";

export default [{ definition: timeSkew, judge, messages }] satisfies JudgedCheck[];
