/** Who did what. */
import { actorKinds } from "@hauswart/protocol/api/actor-kinds.ts";
import type { ItemOf } from "@hauswart/protocol/api/client.ts";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useOpened } from "../../api/opened.ts";
import { useList } from "../../api/queries.ts";
import { useCustomers, useScope } from "../../app/customers.ts";
import { Moment } from "../../components/Ago.tsx";
import { ClearFilters, momentsOf } from "../../components/filters.tsx";
import { Empty, ErrorNote, Loading } from "../../components/notes.tsx";
import { Page } from "../../components/Page.tsx";
import { OpenedPane } from "../../components/OpenedPane.tsx";
import { Beside } from "../../components/Pane.tsx";
import type { Column } from "../../components/table/columns.ts";
import { DataTable } from "../../components/table/DataTable.tsx";
import { ViewsMenu } from "../../components/views/ViewsMenu.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { useActorWords } from "./actor-words.ts";
import { useAuditWords } from "./audit-words.ts";
import { AuditFilters } from "./AuditFilters.tsx";
import { EntryPane } from "./EntryPane.tsx";
import { Verification } from "./Verification.tsx";

const route = getRouteApi("/app/audit");
type Entry = ItemOf<"listAudit">;
const keyOf = (entry: Entry) => entry.auditEntryId;

function useColumns(customerNames: ReadonlyMap<string, string>): readonly Column<Entry>[] {
  const texts = useTexts();
  const who = useActorWords();
  const words = useAuditWords();
  return useMemo(
    () => [
      { id: "at", header: texts.audit.at, width: 150, cell: (entry) => <Moment at={entry.at} />, value: (entry) => entry.at },
      {
        id: "action",
        header: texts.audit.action,
        width: 200,
        grow: 1,
        main: true,
        cell: (entry) => (
          <Link from="/audit" to="/audit" search={(before) => ({ ...before, entry: entry.auditEntryId })}>
            {words.action(entry.action)}
          </Link>
        ),
        value: (entry) => words.action(entry.action),
      },
      {
        id: "actor",
        header: texts.audit.actor,
        from: "sm",
        width: 220,
        grow: 1,
        cell: (entry) => <span title={who(entry.actor)}>{who(entry.actor)}</span>,
        value: (entry) => who(entry.actor),
      },
      {
        id: "customer",
        header: texts.audit.customer,
        from: "md",
        width: 190,
        grow: 0.5,
        cell: (entry) => (entry.customerId ? customerNames.get(entry.customerId) : "–"),
        value: (entry) => (entry.customerId ? (customerNames.get(entry.customerId) ?? null) : null),
      },
      {
        id: "sealed",
        header: texts.audit.sealed,
        from: "lg",
        width: 110,
        cell: (entry) => (entry.sealed ? texts.audit.sealedYes : <span className="dimmed">{texts.audit.sealedNo}</span>),
        value: (entry) => (entry.sealed ? texts.audit.sealedYes : texts.audit.sealedNo),
      },
    ],
    [texts, who, words, customerNames],
  );
}

export function AuditPage() {
  const texts = useTexts();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const who = useActorWords();
  const customerId = useScope();
  const { action, actor, kind, subject, search: wanted, from, to } = search;
  const question = useMemo(
    () => ({
      customerId,
      action,
      actor,
      actorKind: actorKinds.find((one) => one === kind),
      subject,
      search: wanted,
      ...momentsOf(from, to),
    }),
    [customerId, action, actor, kind, subject, wanted, from, to],
  );
  const isFiltered = Boolean(action || actor || kind || subject || wanted || from || to);
  const list = useList("listAudit", { query: question });
  const customers = useCustomers();
  const customerNames = useMemo(
    () => new Map((customers.data ?? []).map((customer) => [customer.customerId, customer.name])),
    [customers.data],
  );
  const columns = useColumns(customerNames);
  const opened = useOpened(
    "getAuditEntry",
    list.rows.find((entry) => entry.auditEntryId === search.entry),
    search.entry === undefined || list.isLoading ? undefined : { params: { auditEntryId: search.entry } },
  );
  const open = (entry: string | undefined) => void navigate({ search: (before) => ({ ...before, entry }) });
  return (
    <Page
      title={texts.audit.title}
      note={texts.audit.lead}
      actions={<ViewsMenu list="audit" />}
      filters={
        <>
          <AuditFilters />
          {customerId === undefined && <Verification />}
        </>
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
            <DataTable
              id="audit"
              label={texts.audit.title}
              columns={columns}
              rows={list.rows}
              rowKey={keyOf}
              question={list.isStale || list.isLoading ? null : JSON.stringify(question)}
              secondary={(entry) => who(entry.actor)}
              onOpen={(entry) => open(entry.auditEntryId)}
              openKey={search.entry}
              stale={list.isStale}
              hasMore={list.hasMore}
              onMore={list.loadMore}
              csv={list.csv}
              empty={
                <Empty title={texts.audit.none} action={isFiltered && <ClearFilters />}>
                  {isFiltered ? texts.audit.noneFiltered : texts.audit.noneHelp}
                </Empty>
              }
            />
          }
          pane={
            opened && (
              <OpenedPane label={texts.audit.title} opened={opened} onClose={() => open(undefined)}>
                {(entry) => (
                  <EntryPane
                    entry={entry}
                    customerName={entry.customerId ? customerNames.get(entry.customerId) : undefined}
                    onClose={() => open(undefined)}
                  />
                )}
              </OpenedPane>
            )
          }
        />
      )}
    </Page>
  );
}
