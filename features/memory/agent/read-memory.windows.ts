import type { ReaderOrWhyNot } from "./memory-state.ts";

export const reader: ReaderOrWhyNot = { failed: "COLLECT_UNSUPPORTED", detail: "This agent cannot read the memory on Windows yet." };
