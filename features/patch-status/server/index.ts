import type { JudgedCheck } from "@hauswart/server/services.ts";
import { messages } from "../messages.ts";
import { patchStatus } from "../protocol.ts";
import { judge } from "./judge.ts";

export default [{ definition: patchStatus, judge, messages }] satisfies JudgedCheck[];
