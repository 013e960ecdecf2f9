import type { JudgedCheck } from "@hauswart/server/services.ts";
import { messages } from "../messages.ts";
import { certificates } from "../protocol.ts";
import { judge } from "./judge.ts";

export default [{ definition: certificates, judge, messages }] satisfies JudgedCheck[];
