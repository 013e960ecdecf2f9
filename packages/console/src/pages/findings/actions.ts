/** Acknowledging findings and taking that back, one or many. */
import type { Finding } from "@hauswart/protocol/api/models.ts";
import { useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { api } from "../../api/client.ts";
import { describeError } from "../../components/notes.tsx";
import { notify } from "../../components/notify.tsx";
import { useTexts } from "../../texts/texts.tsx";

/** Runs a call for each finding, a few at a time. @returns the ids that succeeded, and the first error. */
async function forEach(ids: readonly string[], call: (id: string) => Promise<unknown>): Promise<{ done: string[]; error: unknown }> {
  const waiting = [...ids];
  const done: string[] = [];
  let error: unknown;
  const work = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      try {
        await call(id);
        done.push(id);
      } catch (thrown) {
        error ??= thrown;
      }
    }
  };
  await Promise.all(Array.from({ length: 4 }, work));
  return { done, error };
}

export interface FindingActions {
  acknowledge(findings: readonly Finding[], answer: { note: string; customerNote: string; until?: string }): Promise<void>;
  /** Writes a note into the history of each. */
  note(findings: readonly Finding[], note: string): Promise<void>;
  reopen(ids: readonly string[]): Promise<void>;
  /** Takes the last acknowledgement of this page back. @returns false when there is none. */
  undo(): boolean;
}

export function useFindingActions(): FindingActions {
  const texts = useTexts();
  const client = useQueryClient();
  /** The acknowledgements of this page, the last one on top, for taking them back one after the other; each with its notice. */
  const done = useRef<{ readonly ids: readonly string[]; readonly hideNotice: () => void }[]>([]);
  const refresh = () =>
    Promise.all((["listFindings", "getFinding", "getOverview"] as const).map((name) => client.invalidateQueries({ queryKey: [name] })));

  const reopen = async (ids: readonly string[]) => {
    done.current = done.current.filter((one) => one.ids !== ids);
    const reopened = await forEach(ids, (findingId) => api("reopenFinding", { params: { findingId } }));
    await refresh();
    if (reopened.error) notify({ message: describeError(reopened.error, texts), failed: true });
    else notify({ message: texts.findings.reopened(reopened.done.length) });
  };
  const undo = () => {
    const last = done.current.at(-1);
    if (!last) return false;
    last.hideNotice();
    void reopen(last.ids);
    return true;
  };
  const acknowledge = async (findings: readonly Finding[], answer: { note: string; customerNote: string; until?: string }) => {
    const { done: ids, error } = await forEach(
      findings.map(({ findingId }) => findingId),
      (findingId) => api("acknowledgeFinding", { params: { findingId }, body: answer }),
    );
    await refresh();
    if (ids.length === 0 && error) {
      notify({ message: describeError(error, texts), failed: true });
      return;
    }
    const message = error ? texts.findings.acknowledgedSome(ids.length, findings.length) : texts.findings.acknowledged(ids.length);
    const hideNotice = notify({ message, failed: error !== undefined, undo: { label: texts.findings.undo, run: () => void reopen(ids) } });
    done.current.push({ ids, hideNotice });
  };
  const note = async (findings: readonly Finding[], text: string) => {
    const { done: noted, error } = await forEach(
      findings.map(({ findingId }) => findingId),
      (findingId) => api("addFindingNote", { params: { findingId }, body: { note: text } }),
    );
    await refresh();
    if (error) notify({ message: describeError(error, texts), failed: true });
    if (noted.length > 0) notify({ message: texts.keys.noted(noted.length) });
  };
  return { acknowledge, note, reopen, undo };
}
