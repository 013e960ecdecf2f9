import type { JudgedCheck } from "@hauswart/server/services.ts";
import { messages } from "../messages.ts";
import { memory } from "../protocol.ts";
import { judge } from "./judge.ts";

export default [{ definition: memory, judge, messages }] satisfies JudgedCheck[];
