import type { JudgedCheck } from "@hauswart/server/services.ts";
import { messages } from "../messages.ts";
import { diskHealth } from "../protocol.ts";
import { judge } from "./judge.ts";

export default [{ definition: diskHealth, judge, messages }] satisfies JudgedCheck[];
