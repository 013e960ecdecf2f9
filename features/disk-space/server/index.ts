import type { JudgedCheck } from "@hauswart/server/services.ts";
import { messages } from "../messages.ts";
import { diskSpace } from "../protocol.ts";
import { judge } from "./judge.ts";

export default [{ definition: diskSpace, judge, messages }] satisfies JudgedCheck[];
