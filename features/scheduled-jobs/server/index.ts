import type { JudgedCheck } from "@hauswart/server/services.ts";
import { messages } from "../messages.ts";
import { scheduledJobs } from "../protocol.ts";
import { judge } from "./judge.ts";

export default [{ definition: scheduledJobs, judge, messages }] satisfies JudgedCheck[];
