/** The list itself, with its columns. */
import type { Finding } from "@hauswart/protocol/api/models.ts";
import { getRouteApi } from "@tanstack/react-router";
import type { ReactNode, RefObject } from "react";
import type { List } from "../../api/queries.ts";
import { useScope } from "../../app/customers.ts";
import { StateShape } from "../../components/StateMark.tsx";
import { DataTable } from "../../components/table/DataTable.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { useFindingColumns } from "./columns.tsx";
import type { Incidents } from "./incidents.ts";

const route = getRouteApi("/app/findings");
const keyOf = (finding: Finding) => finding.findingId;

interface Props {
  readonly list: List<Finding>;
  readonly incidents: Incidents & { readonly unfolded: ReadonlySet<string>; readonly fold: (id: string) => void };
  /** What the rows answer; null while an answer is under way. */
  readonly question: string | null;
  readonly isClosed: boolean;
  readonly selected: ReadonlySet<string>;
  readonly onToggle: (id: string) => void;
  readonly onOpen: (id: string) => void;
  /** Key of the row under the keyboard. */
  readonly cursorKey: string | undefined;
  /** Is told the keys of the rows in the order in which they are shown. */
  readonly orderRef: RefObject<readonly string[]>;
  /** Is told how to bring in what has come meanwhile. */
  readonly showNewRef: RefObject<() => void>;
  /** Shown when there are no rows. */
  readonly empty: ReactNode;
}

export function FindingsTable({
  list,
  incidents,
  question,
  isClosed,
  selected,
  onToggle,
  onOpen,
  cursorKey,
  orderRef,
  showNewRef,
  empty,
}: Props) {
  const texts = useTexts();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const withCustomer = useScope() === undefined;
  const columns = useFindingColumns({ selected, onToggle, withCustomer, closed: isClosed, dense: search.finding !== undefined, incidents });
  return (
    <DataTable
      id="findings"
      label={texts.findings.title}
      columns={columns}
      rows={incidents.rows}
      rowKey={keyOf}
      question={question}
      secondary={(finding) => (
        <>
          <StateShape state={finding.severity} /> {finding.deviceName ?? texts.findings.noDevice} · {finding.customerName}
        </>
      )}
      sort={search.sort}
      onSort={(sort) => void navigate({ search: (before) => ({ ...before, sort }) })}
      onOpen={(finding) => onOpen(finding.findingId)}
      cursorKey={cursorKey}
      orderRef={orderRef}
      showNewRef={showNewRef}
      openKey={search.finding}
      stale={list.isStale}
      hasMore={list.hasMore}
      onMore={list.loadMore}
      csv={list.csv}
      empty={empty}
    />
  );
}
