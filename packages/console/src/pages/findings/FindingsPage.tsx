/** Findings: a list to be emptied from the keyboard. */
import type { Finding } from "@hauswart/protocol/api/models.ts";
import { Button } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useCallback, useMemo, useRef, useState } from "react";
import { useList } from "../../api/queries.ts";
import { useScope } from "../../app/customers.ts";
import { Empty, ErrorNote, Loading } from "../../components/notes.tsx";
import { Page } from "../../components/Page.tsx";
import { Beside } from "../../components/Pane.tsx";
import { focusRow } from "../../components/table/focus.ts";
import { ViewsMenu } from "../../components/views/ViewsMenu.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { AcknowledgeDialog } from "./AcknowledgeDialog.tsx";
import { useFindingActions } from "./actions.ts";
import { FindingChips, momentOf } from "./FindingChips.tsx";
import { FindingFilters } from "./FindingFilters.tsx";
import { FindingPane } from "./FindingPane.tsx";
import styles from "./findings.module.css";
import { FindingsTable } from "./FindingsTable.tsx";
import { arrange } from "./incidents.ts";
import { useFindingKeys } from "./keys.ts";
import { KeysHelp } from "./KeysHelp.tsx";
import { NoteDialog } from "./NoteDialog.tsx";
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
      changedSince,
      acknowledgedUntil,
      order: byIncident ? ("incident" as const) : ("newest" as const),
    }),
    [state, customerId, search.device, search.severity, search.check, changedSince, acknowledgedUntil, byIncident],
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

type Asked = { readonly kind: "acknowledge" | "note"; readonly findings: readonly Finding[] } | { readonly kind: "help" } | null;

/** What the keys and buttons do to the findings that are meant: the selected ones, else the one under the keyboard. */
export function FindingsPage() {
  const texts = useTexts();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const question = useQuestion();
  const list = useList("listFindings", { query: question });
  const incidents = useIncidents(list.rows, question.order === "incident");
  const selection = useSelection();
  const actions = useFindingActions();
  const [asked, setAsked] = useState<Asked>(null);
  const orderRef = useRef<readonly string[]>([]);
  const showNewRef = useRef<() => void>(() => undefined);

  const open = useCallback(
    (id: string | undefined, replace = false) => void navigate({ search: (before) => ({ ...before, finding: id }), replace }),
    [navigate],
  );
  const meant = (finding: Finding | undefined) =>
    selection.set.size > 0 ? list.rows.filter(({ findingId }) => selection.set.has(findingId)) : finding ? [finding] : [];
  const ask = (kind: "acknowledge" | "note", findings: readonly Finding[]) => {
    const fitting = kind === "note" ? findings : findings.filter(({ state }) => state !== "closed");
    if (fitting.length > 0) setAsked({ kind, findings: fitting });
  };
  const cursor = useFindingKeys({
    rows: list.rows,
    orderRef,
    openKey: search.finding,
    enabled: asked === null,
    onOpen: open,
    onAcknowledge: (finding) => ask("acknowledge", meant(finding)),
    onNote: (finding) => ask("note", meant(finding)),
    onToggle: selection.toggle,
    onExtend: (id) => selection.extend(id, orderRef.current),
    onAll: () => selection.all(orderRef.current),
    onFold: (id) => incidents.behind.has(id) && incidents.fold(id),
    onUndo: (finding) => {
      if (!actions.undo() && finding?.state === "acknowledged") void actions.reopen([finding.findingId]);
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

  return (
    <Page
      title={texts.findings.title}
      note={
        <button type="button" className={styles["keys"]} aria-keyshortcuts="?" onClick={() => setAsked({ kind: "help" })}>
          {texts.keys.show} <kbd>?</kbd>
        </button>
      }
      actions={<ViewsMenu list="findings" />}
      filters={
        selection.set.size > 0 ? (
          <SelectionBar
            count={selection.set.size}
            onAcknowledge={() => ask("acknowledge", meant(undefined))}
            onNote={() => ask("note", meant(undefined))}
            onClear={selection.clear}
          />
        ) : (
          <>
            <FindingFilters />
            <FindingChips />
          </>
        )
      }
      filling
    >
      {list.error && list.rows.length === 0 ? (
        <ErrorNote error={list.error} onRetry={list.retry} />
      ) : list.isLoading ? (
        <Loading />
      ) : (
        <Beside
          list={
            <FindingsTable
              list={list}
              incidents={incidents}
              question={list.isStale || list.isLoading ? null : JSON.stringify([question, ...incidents.unfolded])}
              isClosed={question.state === "closed"}
              selected={selection.set}
              onToggle={selection.toggle}
              onOpen={open}
              cursorKey={cursor.key}
              orderRef={orderRef}
              showNewRef={showNewRef}
              empty={<NoFindings isFiltered={isFiltered(search)} />}
            />
          }
          pane={
            search.finding && (
              <FindingPane
                key={search.finding}
                findingId={search.finding}
                onClose={() => {
                  open(undefined);
                  focusRow(search.finding);
                }}
                onAcknowledge={(finding) => ask("acknowledge", [finding])}
                onNote={(finding) => ask("note", [finding])}
                onReopen={(finding) => void actions.reopen([finding.findingId])}
              />
            )
          }
        />
      )}
      {asked?.kind === "acknowledge" && (
        <AcknowledgeDialog
          findings={asked.findings}
          behind={asked.findings.flatMap(({ findingId }) =>
            incidents.unfolded.has(findingId) ? [] : (incidents.behind.get(findingId) ?? []).filter(({ state }) => state === "open"),
          )}
          onClose={() => setAsked(null)}
          onAcknowledge={(findings, answer) => {
            void actions.acknowledge(findings, answer);
            goOn(true);
          }}
        />
      )}
      {asked?.kind === "note" && (
        <NoteDialog
          findings={asked.findings}
          onClose={() => setAsked(null)}
          onNote={(note) => {
            void actions.note(asked.findings, note);
            goOn(false);
          }}
        />
      )}
      {asked?.kind === "help" && <KeysHelp onClose={() => setAsked(null)} />}
    </Page>
  );
}

function isFiltered({ state, severity, check, device, changed, until }: ReturnType<typeof route.useSearch>): boolean {
  return [severity, check, device, changed, until].some((one) => one !== undefined) || (state ?? "current") !== "current";
}

interface SelectionProps {
  readonly count: number;
  readonly onAcknowledge: () => void;
  readonly onNote: () => void;
  readonly onClear: () => void;
}

function SelectionBar({ count, onAcknowledge, onNote, onClear }: SelectionProps) {
  const texts = useTexts();
  return (
    <div className={styles["selection"]}>
      {texts.findings.selected(count)}
      <Button onClick={onAcknowledge}>{texts.findings.acknowledge}</Button>
      <Button variant="default" onClick={onNote}>
        {texts.keys.noteDo}
      </Button>
      <Button variant="subtle" onClick={onClear}>
        {texts.findings.unselect}
      </Button>
    </div>
  );
}

function NoFindings({ isFiltered: filtered }: { isFiltered: boolean }) {
  const texts = useTexts();
  if (!filtered) return <Empty title={texts.findings.none}>{texts.findings.noneHelp}</Empty>;
  return (
    <Empty
      title={texts.findings.noneFiltered}
      action={
        <Button variant="default" renderRoot={(props) => <Link to="/findings" {...props} />}>
          {texts.findings.clear}
        </Button>
      }
    />
  );
}
