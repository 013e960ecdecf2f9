import type { JudgedCheck } from "@hauswart/server/services.ts";
import { messages } from "../messages.ts";
import { backupStatus } from "../protocol.ts";
import { judge } from "./judge.ts";

export default [{ definition: backupStatus, judge, messages }] satisfies JudgedCheck[];
