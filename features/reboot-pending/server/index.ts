import type { JudgedCheck } from "@hauswart/server/services.ts";
import { messages } from "../messages.ts";
import { rebootPending } from "../protocol.ts";
import { judge } from "./judge.ts";

export default [{ definition: rebootPending, judge, messages }] satisfies JudgedCheck[];
