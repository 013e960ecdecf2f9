import type { JudgedCheck } from "@hauswart/server/services.ts";
import { messages } from "../messages.ts";
import { antivirusStatus } from "../protocol.ts";
import { judge } from "./judge.ts";

export default [{ definition: antivirusStatus, judge, messages }] satisfies JudgedCheck[];
