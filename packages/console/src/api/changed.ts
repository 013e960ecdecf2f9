import { useState } from "react";

/** What of an object was changed. Nothing else is sent: some settings want a fresh proof, and only whoever changes them is asked. */
export function changedOf<Shape extends object>(before: Shape, after: Shape): Partial<Shape> {
  const names = Object.keys(after) as (keyof Shape)[];
  const changed = names.filter((name) => JSON.stringify(after[name]) !== JSON.stringify(before[name]));
  return Object.fromEntries(changed.map((name) => [name, after[name]])) as Partial<Shape>;
}

/**
 * For a form that stays open while others save: what differs from what it showed when it was opened. What it shows meanwhile
 * follows the server, and fields that nobody touched here must not bring the old values back.
 */
export function useChangedFields<Shape extends object>(entered: Shape): Partial<Shape> {
  const [before] = useState(entered);
  return changedOf(before, entered);
}
