/** Acknowledging findings and taking that back, one or many. */
import type { Finding } from "@hauswart/protocol/api/models.ts";
import { useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { api } from "../../api/client.ts";
import { describeError } from "../../components/notes.tsx";
import { notify } from "../../components/notify.tsx";
import { useTexts } from "../../texts/texts.tsx";

/** Runs a call for each, a few at a time. @returns the answers of those that succeeded, and the first error. */
async function forEach<One, Answer>(all: readonly One[], call: (one: One) => Promise<Answer>): Promise<{ done: Answer[]; error: unknown }> {
  const waiting = [...all];
  const done: Answer[] = [];
  let error: unknown;
  const work = async () => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
      try {
        done.push(await call(one));
      } catch (thrown) {
        error ??= thrown;
      }
    }
  };
  await Promise.all(Array.from({ length: 4 }, work));
  return { done, error };
}

/** One that may be taken back: this one, and none that somebody gave later. */
interface Acknowledgement {
  readonly findingId: string;
  readonly acknowledgedAt: string;
}

const acknowledgementOf = ({ findingId, acknowledgement }: Finding): readonly Acknowledgement[] =>
  acknowledgement ? [{ findingId, acknowledgedAt: acknowledgement.at }] : [];

export interface FindingActions {
  /** What stood open is left alone when somebody else has acknowledged it meanwhile; what was acknowledged is replaced. */
  acknowledge(findings: readonly Finding[], answer: { note: string; customerNote: string; until?: string }): Promise<void>;
  /** Writes a note into the history of each. */
  note(findings: readonly Finding[], note: string): Promise<void>;
  /** Takes the acknowledgement back that the reader sees. */
  reopen(finding: Finding): Promise<void>;
  /** Takes the last acknowledgement of this page back, of what stood open before it. @returns false when there is none. */
  undo(): boolean;
}

export function useFindingActions(): FindingActions {
  const texts = useTexts();
  const client = useQueryClient();
  /** The acknowledgements of this page, the last one on top, for taking them back one after the other; each with its notice. */
  const done = useRef<{ readonly given: readonly Acknowledgement[]; readonly hideNotice: () => void }[]>([]);
  const refresh = () =>
    Promise.all((["listFindings", "getFinding", "getOverview"] as const).map((name) => client.invalidateQueries({ queryKey: [name] })));

  const takeBack = async (given: readonly Acknowledgement[]) => {
    done.current = done.current.filter((one) => one.given !== given);
    const reopened = await forEach(given, ({ findingId, acknowledgedAt }) =>
      api("reopenFinding", { params: { findingId }, body: { acknowledgedAt } }),
    );
    await refresh();
    if (reopened.error) notify({ message: describeError(reopened.error, texts), failed: true });
    else notify({ message: texts.findings.reopened(reopened.done.length) });
  };
  const reopen = (finding: Finding) => takeBack(acknowledgementOf(finding));
  const undo = () => {
    const last = done.current.at(-1);
    if (!last) return false;
    last.hideNotice();
    void takeBack(last.given);
    return true;
  };
  const acknowledge = async (findings: readonly Finding[], answer: { note: string; customerNote: string; until?: string }) => {
    const wasOpen = new Set(findings.filter(({ state }) => state === "open").map(({ findingId }) => findingId));
    const { done: acknowledged, error } = await forEach(findings, ({ findingId }) =>
      api("acknowledgeFinding", { params: { findingId }, body: { ...answer, onlyIfOpen: wasOpen.has(findingId) } }),
    );
    await refresh();
    if (acknowledged.length === 0 && error) {
      notify({ message: describeError(error, texts), failed: true });
      return;
    }
    const message = error
      ? texts.findings.acknowledgedSome(acknowledged.length, findings.length)
      : texts.findings.acknowledged(acknowledged.length);
    // What was replaced is gone: opening it would take a colleague's acknowledgement away altogether.
    const given = acknowledged.filter(({ findingId }) => wasOpen.has(findingId)).flatMap(acknowledgementOf);
    const undone = given.length > 0 ? { undo: { label: texts.findings.undo, run: () => void takeBack(given) } } : {};
    const hideNotice = notify({ message, failed: error !== undefined, ...undone });
    if (given.length > 0) done.current.push({ given, hideNotice });
  };
  const note = async (findings: readonly Finding[], text: string) => {
    const { done: noted, error } = await forEach(findings, ({ findingId }) =>
      api("addFindingNote", { params: { findingId }, body: { note: text } }),
    );
    await refresh();
    if (error) notify({ message: describeError(error, texts), failed: true });
    if (noted.length > 0) notify({ message: texts.keys.noted(noted.length) });
  };
  return { acknowledge, note, reopen, undo };
}
