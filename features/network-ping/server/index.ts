import type { JudgedCheck } from "@hauswart/server/services.ts";
import { messages } from "../messages.ts";
import { networkPing } from "../protocol.ts";
import { judge } from "./judge.ts";

export default [{ definition: networkPing, judge, messages }] satisfies JudgedCheck[];
