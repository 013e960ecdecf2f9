import type { ReaderOrWhyNot } from "./processor-times.ts";

export const reader: ReaderOrWhyNot = {
  failed: "COLLECT_UNSUPPORTED",
  detail: "This agent cannot read the processors' load on Windows yet.",
};
