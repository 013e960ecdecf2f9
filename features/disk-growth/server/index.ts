import type { JudgedCheck } from "@hauswart/server/services.ts";
import { messages } from "../messages.ts";
import { diskGrowth } from "../protocol.ts";
import { judge } from "./judge.ts";

export default [{ definition: diskGrowth, judge, messages }] satisfies JudgedCheck[];
