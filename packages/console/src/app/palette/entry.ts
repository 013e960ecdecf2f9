/** What the command palette offers. */
import type { CheckState } from "@hauswart/protocol/check.ts";
import type { LucideIcon } from "lucide-react";

export const groups = ["recent", "actions", "devices", "findings", "customers", "policies", "pages"] as const;
export type Group = (typeof groups)[number];

/** An address within the console; remembered as it is, so it holds only texts. */
export interface Place {
  readonly to: string;
  readonly search?: Readonly<Record<string, string>>;
}

export interface Entry {
  /** The same for the same thing, however it was found. */
  readonly id: string;
  readonly group: Group;
  readonly label: string;
  readonly description?: string;
  /** Further words by which it is found. */
  readonly words?: string;
  readonly icon: LucideIcon;
  readonly state?: CheckState;
  /** Where it leads; such entries are remembered. */
  readonly place?: Place;
  /** What it does, when it leads nowhere. */
  readonly run?: () => void;
}
