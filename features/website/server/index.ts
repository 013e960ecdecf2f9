import type { JudgedCheck } from "@hauswart/server/services.ts";
import { messages } from "../messages.ts";
import { website } from "../protocol.ts";
import { judge } from "./judge.ts";

export default [{ definition: website, judge, messages }] satisfies JudgedCheck[];
