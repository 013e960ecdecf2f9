import type { ReactNode } from "react";
import { useMay, type Right } from "./session.ts";

interface Props {
  readonly to: Right;
  /** The customer whose it is; null: the house as a whole, all customers; left out: any thing that the reader is shown. */
  readonly of?: string | null;
  readonly children: ReactNode;
}

/** Shows its content to readers whose role and reach cover this. The server decides in any case: others are only spared its refusal. */
export function Allowed({ to, of, children }: Props) {
  return useMay(to, of) ? children : null;
}
