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
import { useTexts } from "../../texts/texts.tsx";
import { AcknowledgeDialog } from "./AcknowledgeDialog.tsx";
import { useFindingActions } from "./actions.ts";
import { FindingFilters } from "./FindingFilters.tsx";
import { FindingPane } from "./FindingPane.tsx";
import styles from "./findings.module.css";
import { FindingsTable } from "./FindingsTable.tsx";
import { useFindingKeys } from "./keys.ts";

const route = getRouteApi("/app/findings");

function useToggledSet(): { set: ReadonlySet<string>; toggle: (id: string) => void; clear: () => void } {
  const [set, setSet] = useState<ReadonlySet<string>>(new Set());
  const toggle = useCallback((id: string) => {
    setSet((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  }, []);
  return { set, toggle, clear: useCallback(() => setSet(new Set()), []) };
}

export function FindingsPage() {
  const texts = useTexts();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const customerId = useScope();
  const state = search.state ?? "current";
  const question = useMemo(
    () => ({ state, customerId, deviceId: search.device, severity: search.severity, check: search.check }),
    [state, customerId, search.device, search.severity, search.check],
  );
  const list = useList("listFindings", { query: question });
  const selection = useToggledSet();
  const actions = useFindingActions();
  const [asked, setAsked] = useState<readonly Finding[]>([]);

  const open = useCallback(
    (id: string | undefined, replace = false) => void navigate({ search: (before) => ({ ...before, finding: id }), replace }),
    [navigate],
  );
  const acknowledge = (findings: readonly Finding[]) => setAsked(findings.filter((finding) => finding.state !== "closed"));
  const chosen = () => list.rows.filter((finding) => selection.set.has(finding.findingId));
  const orderRef = useRef<readonly string[]>([]);
  const cursorKey = useFindingKeys({
    rows: list.rows,
    orderRef,
    openKey: search.finding,
    enabled: asked.length === 0,
    onOpen: open,
    onAcknowledge: (finding) => acknowledge(selection.set.size > 0 ? chosen() : finding ? [finding] : []),
    onToggle: selection.toggle,
    onUndo: (finding) => {
      if (!actions.undo() && finding?.state === "acknowledged") void actions.reopen([finding.findingId]);
    },
    onClear: selection.clear,
  });
  const isFiltered = state !== "current" || search.severity !== undefined || search.check !== undefined || search.device !== undefined;

  return (
    <Page
      title={texts.findings.title}
      note={<span className={styles["keys"]}>{texts.findings.keys}</span>}
      filters={
        selection.set.size > 0 ? (
          <Selection count={selection.set.size} onAcknowledge={() => acknowledge(chosen())} onClear={selection.clear} />
        ) : (
          <FindingFilters />
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
              question={list.isStale || list.isLoading ? null : JSON.stringify(question)}
              isClosed={state === "closed"}
              selected={selection.set}
              onToggle={selection.toggle}
              onOpen={open}
              cursorKey={cursorKey}
              orderRef={orderRef}
              empty={<NoFindings isFiltered={isFiltered} />}
            />
          }
          pane={
            search.finding && (
              <FindingPane
                key={search.finding}
                findingId={search.finding}
                onClose={() => open(undefined)}
                onAcknowledge={(finding) => acknowledge([finding])}
                onReopen={(finding) => void actions.reopen([finding.findingId])}
              />
            )
          }
        />
      )}
      {asked.length > 0 && (
        <AcknowledgeDialog
          findings={asked}
          onClose={() => setAsked([])}
          onAcknowledge={(answer) => {
            void actions.acknowledge(asked, answer);
            setAsked([]);
            selection.clear();
          }}
        />
      )}
    </Page>
  );
}

function Selection({ count, onAcknowledge, onClear }: { count: number; onAcknowledge: () => void; onClear: () => void }) {
  const texts = useTexts();
  return (
    <div className={styles["selection"]}>
      {texts.findings.selected(count)}
      <Button onClick={onAcknowledge}>{texts.findings.acknowledge}</Button>
      <Button variant="subtle" onClick={onClear}>
        {texts.findings.unselect}
      </Button>
    </div>
  );
}

function NoFindings({ isFiltered }: { isFiltered: boolean }) {
  const texts = useTexts();
  if (!isFiltered) return <Empty title={texts.findings.none}>{texts.findings.noneHelp}</Empty>;
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
