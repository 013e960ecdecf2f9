import type { JudgedCheck } from "@hauswart/server/services.ts";
import { messages } from "../messages.ts";
import { services } from "../protocol.ts";
import { judge } from "./judge.ts";

export default [{ definition: services, judge, messages }] satisfies JudgedCheck[];
