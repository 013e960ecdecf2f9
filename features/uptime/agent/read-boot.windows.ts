import type { ReaderOrWhyNot } from "./boot.ts";

export const reader: ReaderOrWhyNot = {
  failed: "COLLECT_UNSUPPORTED",
  detail: "This agent cannot read the system's start on Windows yet.",
};
