import type { JudgedCheck } from "@hauswart/server/services.ts";
import { messages } from "../messages.ts";
import { diskEncryption } from "../protocol.ts";
import { judge } from "./judge.ts";

export default [{ definition: diskEncryption, judge, messages }] satisfies JudgedCheck[];
