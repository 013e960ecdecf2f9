/** The keyboard on the list of findings. What each key does stands in KeysHelp.tsx as well. */
import type { Finding } from "@hauswart/protocol/api/models.ts";
import { useEffect, useRef, useState, type RefObject } from "react";
import type { AlarmVerdict as Verdict } from "@hauswart/protocol/api/noise.ts";
import { verdicts } from "./AlarmVerdict.tsx";
import { useKeys } from "../../components/keys.ts";
import { focusRow } from "../../components/table/focus.ts";

interface Question {
  readonly rows: readonly Finding[];
  /** Keys of the rows as they are sorted on the screen. */
  readonly orderRef: RefObject<readonly string[]>;
  readonly openKey: string | undefined;
  /** Off while a dialog asks something. */
  readonly enabled: boolean;
  /** @param replace does not add to the history: who walks through the list goes back in one step. */
  readonly onOpen: (id: string | undefined, replace?: boolean) => void;
  readonly onAcknowledge: (finding: Finding | undefined) => void;
  readonly onNote: (finding: Finding | undefined) => void;
  readonly onContact: (finding: Finding | undefined) => void;
  readonly onJudge: (finding: Finding, verdict: Verdict) => void;
  readonly onToggle: (id: string) => void;
  readonly onExtend: (id: string) => void;
  readonly onAll: () => void;
  readonly onFold: (id: string) => void;
  readonly onUndo: (finding: Finding | undefined) => void;
  readonly onClear: () => void;
  /** Shows what has come in meanwhile. */
  readonly onShowNew: () => void;
  readonly onHelp: () => void;
}

export interface Cursor {
  /** Key of the row under the keyboard. */
  readonly key: string | undefined;
  /** Goes so many rows on; opens there what is open. */
  readonly move: (step: number) => void;
}

/** Where the keyboard stands in the list; when its row has gone, the walk goes on from there. */
function useCursor({ orderRef, openKey, onOpen }: Pick<Question, "orderRef" | "openKey" | "onOpen">): Cursor {
  const [key, setKey] = useState<string | undefined>(openKey);
  useEffect(() => {
    if (openKey) setKey(openKey);
  }, [openKey]);
  // A row that was reached by Tab or pressed is the one that is meant, before what it opens is there.
  useEffect(() => {
    const follow = ({ target }: FocusEvent) => {
      const id = target instanceof Element ? target.getAttribute("data-row-link") : null;
      if (id !== null) setKey(id);
    };
    document.addEventListener("focusin", follow);
    return () => document.removeEventListener("focusin", follow);
  }, []);
  const lastPlace = useRef(-1);
  const move = (step: number) => {
    const place = key === undefined ? -1 : orderRef.current.indexOf(key);
    if (place >= 0) lastPlace.current = place;
    const from = place >= 0 ? place : step > 0 ? lastPlace.current - 1 : lastPlace.current;
    const next = Math.max(0, Math.min(orderRef.current.length - 1, from + step));
    const id = orderRef.current[next];
    if (id === undefined) return;
    lastPlace.current = next;
    setKey(id);
    if (openKey) onOpen(id, true);
    focusRow(id);
  };
  return { key, move };
}

/** The figures 1 to 3. */
const judging = ({ onJudge }: Question, current: Finding | undefined) =>
  Object.fromEntries(verdicts.map((verdict, index) => [String(index + 1), () => current && onJudge(current, verdict)]));

export function useFindingKeys(question: Question): Cursor {
  const { rows, openKey, onOpen } = question;
  const cursor = useCursor(question);
  const current = rows.find(({ findingId }) => findingId === cursor.key);
  const isOnControl = () => document.activeElement?.matches("a, button, summary") ?? false;
  useKeys(
    {
      j: () => cursor.move(1),
      k: () => cursor.move(-1),
      Enter: () => {
        if (current && !isOnControl()) onOpen(current.findingId);
      },
      a: (event) => {
        event.preventDefault();
        question.onAcknowledge(current);
      },
      n: (event) => {
        // The letter must not end up in the dialog that it opens.
        event.preventDefault();
        question.onNote(current);
      },
      c: (event) => {
        event.preventDefault();
        question.onContact(current);
      },
      ...judging(question, current),
      x: () => current && question.onToggle(current.findingId),
      X: () => current && question.onExtend(current.findingId),
      "*": () => question.onAll(),
      o: () => current && question.onFold(current.findingId),
      u: () => question.onUndo(current),
      r: () => question.onShowNew(),
      "?": (event) => {
        event.preventDefault();
        question.onHelp();
      },
      Escape: () => {
        if (!openKey) return question.onClear();
        onOpen(undefined);
        focusRow(cursor.key);
      },
    },
    question.enabled,
  );
  return cursor;
}
