/** What the list of findings shows, what is selected in it, what the keys and buttons do to it, and what is being asked. */
import type { Finding } from "@hauswart/protocol/api/models.ts";
import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useMemo, useRef, useState } from "react";
import { useList } from "../../api/queries.ts";
import { useScope } from "../../app/customers.ts";
import { useAccount } from "../../app/session.ts";
import { notify } from "../../components/notify.tsx";
import { focusRow } from "../../components/table/focus.ts";
import { useTexts } from "../../texts/texts.tsx";
import { useFindingActions } from "./actions.ts";
import { momentOf } from "./FindingChips.tsx";
import { arrange } from "./incidents.ts";
import { useJudge } from "./AlarmVerdict.tsx";
import { useFindingKeys } from "./keys.ts";
import { useSelection } from "./selection.ts";

const route = getRouteApi("/app/findings");
const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());

/** What the address asks for. By incident, unless the reader sorts or looks back. */
function useQuestion() {
  const search = route.useSearch();
  const customerId = useScope();
  const state = search.state ?? "current";
  const byIncident = search.sort === undefined && (state === "current" || state === "open" || state === "acknowledged");
  const [changedSince, acknowledgedUntil] = [iso(momentOf(search.changed)), iso(momentOf(search.until))];
  return useMemo(
    () => ({
      state,
      customerId,
      deviceId: search.device,
      severity: search.severity,
      check: search.check,
      hold: search.hold,
      drills: search.drills,
      maintenanceWindowId: search.window,
      changedSince,
      acknowledgedUntil,
      order: byIncident ? ("incident" as const) : ("newest" as const),
    }),
    [
      state,
      customerId,
      search.device,
      search.severity,
      search.check,
      search.hold,
      search.drills,
      search.window,
      changedSince,
      acknowledgedUntil,
      byIncident,
    ],
  );
}

/** Rows with what stands behind a cause folded away, and a way to unfold it. */
function useIncidents(findings: readonly Finding[], isOn: boolean) {
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const incidents = useMemo(
    () =>
      isOn ? arrange(findings, unfolded) : { rows: findings, behind: new Map<string, readonly Finding[]>(), following: new Set<string>() },
    [findings, unfolded, isOn],
  );
  const fold = useCallback(
    (id: string) =>
      setUnfolded((before) => {
        const after = new Set(before);
        if (!after.delete(id)) after.add(id);
        return after;
      }),
    [],
  );
  return { ...incidents, unfolded, fold };
}

type Asking = "acknowledge" | "note" | "contact";
type Asked = { readonly kind: Asking; readonly findings: readonly Finding[] } | { readonly kind: "help" } | null;

/** Closed findings take notes and contacts; those about the server itself belong to no customer. */
const canBe: Readonly<Record<Asking, (finding: Finding) => boolean>> = {
  acknowledge: ({ state }) => state !== "closed",
  note: () => true,
  contact: ({ customerId }) => customerId !== null,
};

/** Keys and buttons mean the selected findings, else the one under the keyboard. */
export function useInbox() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const question = useQuestion();
  const list = useList("listFindings", { query: question });
  const incidents = useIncidents(list.rows, question.order === "incident");
  const selection = useSelection();
  const actions = useFindingActions();
  const account = useAccount();
  const texts = useTexts();
  const [asked, setAsked] = useState<Asked>(null);
  const orderRef = useRef<readonly string[]>([]);
  const showNewRef = useRef<() => void>(() => undefined);

  const open = useCallback(
    (id: string | undefined, replace = false) => void navigate({ search: (before) => ({ ...before, finding: id }), replace }),
    [navigate],
  );
  const meant = (finding: Finding | undefined) =>
    selection.set.size > 0 ? list.rows.filter(({ findingId }) => selection.set.has(findingId)) : finding ? [finding] : [];
  const ask = (kind: Asking, findings: readonly Finding[]) => {
    const fitting = findings.filter((finding) => canBe[kind](finding));
    if (fitting.length > 0) setAsked({ kind, findings: fitting });
  };
  const judge = useJudge();
  const cursor = useFindingKeys({
    rows: list.rows,
    orderRef,
    openKey: search.finding,
    enabled: asked === null,
    onOpen: open,
    onAcknowledge: (finding) => ask("acknowledge", meant(finding)),
    onNote: (finding) => ask("note", meant(finding)),
    onContact: (finding) => ask("contact", meant(finding)),
    onJudge: (finding, verdict) => judge(finding.findingId, verdict),
    onToggle: selection.toggle,
    onExtend: (id) => selection.extend(id, orderRef.current),
    onAll: () => selection.all(orderRef.current),
    onFold: (id) => incidents.behind.has(id) && incidents.fold(id),
    onUndo: (finding) => {
      if (actions.undo() || finding?.state !== "acknowledged") return;
      if (finding.acknowledgement?.by === account?.name) void actions.reopen(finding);
      else notify({ message: texts.findings.notYours(finding.acknowledgement?.by ?? "") });
    },
    onClear: selection.clear,
    onShowNew: () => showNewRef.current(),
    onHelp: () => setAsked({ kind: "help" }),
  });
  /** After a dialog: on with the work, at the next finding when this one leaves the list. */
  const goOn = (leaves: boolean) => {
    setAsked(null);
    selection.clear();
    if (leaves && question.state === "open") cursor.move(1);
    else focusRow(cursor.key);
  };
  return { search, question, list, incidents, selection, actions, asked, setAsked, orderRef, showNewRef, open, meant, ask, cursor, goOn };
}

export type Inbox = ReturnType<typeof useInbox>;
