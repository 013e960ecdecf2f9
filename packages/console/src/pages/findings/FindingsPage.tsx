/** Findings: a list to be emptied from the keyboard. */
import { Button } from "@mantine/core";
import { ClearFilters } from "../../components/filters.tsx";
import { Allowed } from "../../app/Allowed.tsx";
import { Empty, ErrorNote, Loading } from "../../components/notes.tsx";
import { Page } from "../../components/Page.tsx";
import { Beside } from "../../components/Pane.tsx";
import { focusRow } from "../../components/table/focus.ts";
import { ViewsMenu } from "../../components/views/ViewsMenu.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { FindingChips } from "./FindingChips.tsx";
import { FindingDialogs } from "./FindingDialogs.tsx";
import { FindingFilters } from "./FindingFilters.tsx";
import { FindingPane } from "./FindingPane.tsx";
import styles from "./findings.module.css";
import { FindingsTable } from "./FindingsTable.tsx";
import { useInbox, type Inbox } from "./inbox.ts";
import { OnCallNow } from "../on-call/OnCallNow.tsx";

export function FindingsPage() {
  const texts = useTexts();
  const inbox = useInbox();
  const { list, incidents, selection, meant, ask, setAsked } = inbox;
  return (
    <Page
      title={texts.findings.title}
      note={
        <>
          <OnCallNow />
          <button type="button" className={styles["keys"]} aria-keyshortcuts="?" onClick={() => setAsked({ kind: "help" })}>
            {texts.keys.show} <kbd>?</kbd>
          </button>
        </>
      }
      actions={<ViewsMenu list="findings" />}
      filters={
        selection.set.size > 0 ? (
          <SelectionBar
            count={selection.set.size}
            isPart={list.hasMore && incidents.rows.every(({ findingId }) => selection.set.has(findingId))}
            onMore={list.loadMore}
            onAcknowledge={() => ask("acknowledge", meant(undefined))}
            onNote={() => ask("note", meant(undefined))}
            onContact={() => ask("contact", meant(undefined))}
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
        <Rows inbox={inbox} />
      )}
      <FindingDialogs inbox={inbox} />
    </Page>
  );
}

/** The list, with the opened finding beside it. */
function Rows({ inbox }: { inbox: Inbox }) {
  const { search, question, list, incidents, selection, actions, orderRef, showNewRef, open, ask, cursor } = inbox;
  return (
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
            onContact={(finding) => ask("contact", [finding])}
            onReopen={(finding) => void actions.reopen(finding)}
          />
        )
      }
    />
  );
}

function isFiltered({ state, severity, check, device, hold, drills, window, changed, until }: Inbox["search"]): boolean {
  return (
    [severity, check, device, hold, drills, window, changed, until].some((one) => one !== undefined) || (state ?? "current") !== "current"
  );
}

interface SelectionProps {
  readonly count: number;
  /** All that is loaded is selected, and there is more. */
  readonly isPart: boolean;
  readonly onMore: () => void;
  readonly onAcknowledge: () => void;
  readonly onNote: () => void;
  readonly onContact: () => void;
  readonly onClear: () => void;
}

function SelectionBar({ count, isPart, onMore, onAcknowledge, onNote, onContact, onClear }: SelectionProps) {
  const texts = useTexts();
  return (
    <div className={styles["selection"]}>
      {texts.findings.selected(count)}
      {isPart && (
        <>
          <span className="dimmed">{texts.findings.selectedPart}</span>
          <Button variant="default" onClick={onMore}>
            {texts.findings.loadMore}
          </Button>
        </>
      )}
      <Allowed to="findings:write">
        <Button onClick={onAcknowledge}>{texts.findings.acknowledge}</Button>
        <Button variant="default" onClick={onNote}>
          {texts.keys.noteDo}
        </Button>
        <Button variant="default" onClick={onContact}>
          {texts.care.record}
        </Button>
      </Allowed>
      <Button variant="subtle" onClick={onClear}>
        {texts.findings.unselect}
      </Button>
    </div>
  );
}

function NoFindings({ isFiltered: filtered }: { isFiltered: boolean }) {
  const texts = useTexts();
  if (!filtered) return <Empty title={texts.findings.none}>{texts.findings.noneHelp}</Empty>;
  return <Empty title={texts.findings.noneFiltered} action={<ClearFilters />} />;
}
