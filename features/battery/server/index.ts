import type { JudgedCheck } from "@hauswart/server/services.ts";
import { messages } from "../messages.ts";
import { battery } from "../protocol.ts";
import { judge } from "./judge.ts";

export default [{ definition: battery, judge, messages }] satisfies JudgedCheck[];
