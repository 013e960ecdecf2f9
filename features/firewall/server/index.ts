import type { JudgedCheck } from "@hauswart/server/services.ts";
import { messages } from "../messages.ts";
import { firewall } from "../protocol.ts";
import { judge } from "./judge.ts";

export default [{ definition: firewall, judge, messages }] satisfies JudgedCheck[];
