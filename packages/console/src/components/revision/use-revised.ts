/** A form for something that others may save meanwhile. Nothing that either side entered gets lost. */
import { ApiError } from "@hauswart/protocol/api/client.ts";
import { useState } from "react";
import { changedOf } from "../../api/changed.ts";
import { mergeSaved } from "./merge.ts";

interface Options<Item, Draft> {
  readonly item: Item;
  readonly draftOf: (item: Item) => Draft;
  /** As it is on the server now; undefined when it is gone. */
  readonly latest: () => Promise<Item | undefined>;
}

export interface Revised<Item, Draft> {
  /** From which the draft began, or with which it was brought together. */
  readonly base: Item;
  readonly draft: Draft;
  readonly set: (change: Partial<Draft>) => void;
  /** Fields that are not as they were saved. */
  readonly changes: Partial<Draft>;
  /** Somebody else saved first; with the fields that both changed. */
  readonly met: { readonly both: readonly (keyof Draft)[] } | null;
  /** Gives up the draft for what was saved. */
  readonly takeSaved: () => void;
  /** Options of a change that may be refused because of what was saved meanwhile: brings that in, and takes the refusal away. */
  readonly orMeet: (change: { reset(): void }) => { onError: (error: Error) => void };
}

export function useRevised<Item extends { revision: number }, Draft extends object>({
  item,
  draftOf,
  latest,
}: Options<Item, Draft>): Revised<Item, Draft> {
  const [base, setBase] = useState(item);
  const [draft, setDraft] = useState(() => draftOf(item));
  const [met, setMet] = useState<Revised<Item, Draft>["met"]>(null);
  /** @returns whether what was saved meanwhile was why the change was refused. */
  async function meet(error: Error): Promise<boolean> {
    if (!(error instanceof ApiError) || error.code !== "CONFLICT") return false;
    const saved = await latest();
    if (!saved || saved.revision === base.revision) return false;
    const merge = (own: Draft) => mergeSaved(draftOf(base), own, draftOf(saved));
    setBase(saved);
    // With what was typed while the answer was under way.
    setDraft((now) => merge(now).draft);
    setMet({ both: merge(draft).both });
    return true;
  }
  return {
    base,
    draft,
    set: (change) => setDraft((before) => ({ ...before, ...change })),
    changes: changedOf(draftOf(base), draft),
    met,
    takeSaved() {
      setDraft(draftOf(base));
      setMet(null);
    },
    orMeet: (change) => ({
      // Where what was saved cannot be read either, the refusal stays.
      onError: (error) =>
        void meet(error).then(
          (met) => met && change.reset(),
          () => undefined,
        ),
    }),
  };
}
