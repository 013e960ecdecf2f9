import type { HowItEnded } from "./boot.ts";

/** Reads last(1), newest first: this start, and what came before it. Two starts without a shutdown between them are a crash. */
export function parseLast(text: string): HowItEnded {
  const [current, before] = text.split("\n").map((line) => line.split(/\s/)[0]);
  if (current !== "reboot") return "undetermined";
  return before === "shutdown" ? "orderly" : before === "reboot" ? "unexpected" : "undetermined";
}
