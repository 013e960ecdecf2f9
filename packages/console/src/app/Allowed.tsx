import type { ReactNode } from "react";
import { useMay, type Right } from "./session.ts";

/** Shows its content to readers whose role covers all of this. The server decides in any case: others are only spared its refusal. */
export function Allowed({ to, children }: { to: Right; children: ReactNode }) {
  return useMay(to) ? children : null;
}
