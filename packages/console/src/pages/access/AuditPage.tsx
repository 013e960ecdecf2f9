/** Who did what. */
import type { ItemOf } from "@hauswart/protocol/api/client.ts";
import { CloseButton, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";
import { useList } from "../../api/queries.ts";
import { useCustomers, useScope } from "../../app/customers.ts";
import { Moment } from "../../components/Ago.tsx";
import { Facts } from "../../components/Facts.tsx";
import { Empty, ErrorNote, Loading } from "../../components/notes.tsx";
import { Page } from "../../components/Page.tsx";
import { Beside, Pane } from "../../components/Pane.tsx";
import type { Column } from "../../components/table/columns.ts";
import { DataTable } from "../../components/table/DataTable.tsx";
import { ViewsMenu } from "../../components/views/ViewsMenu.tsx";
import { useTexts } from "../../texts/texts.tsx";
import styles from "./access.module.css";

const route = getRouteApi("/app/audit");
type Entry = ItemOf<"listAudit">;
const keyOf = (entry: Entry) => entry.auditEntryId;

/** Who, in words: the name, and what it is where it is not a person. */
function useActorWords(): (actor: Entry["actor"]) => string {
  const texts = useTexts();
  const kinds: Record<string, string> = texts.audit.actorKinds;
  return ({ kind, name }) => (kind === "technician" ? name : `${kinds[kind] ?? kind}: ${name}`);
}

function useColumns(customerNames: ReadonlyMap<string, string>): readonly Column<Entry>[] {
  const texts = useTexts();
  const who = useActorWords();
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
            {entry.action}
          </Link>
        ),
        value: (entry) => entry.action,
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
    [texts, who, customerNames],
  );
}

export function AuditPage() {
  const texts = useTexts();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const who = useActorWords();
  const customerId = useScope();
  const question = useMemo(() => ({ customerId, action: search.action }), [customerId, search.action]);
  const list = useList("listAudit", { query: question });
  const customers = useCustomers();
  const customerNames = useMemo(
    () => new Map((customers.data ?? []).map((customer) => [customer.customerId, customer.name])),
    [customers.data],
  );
  const columns = useColumns(customerNames);
  const opened = list.rows.find((entry) => entry.auditEntryId === search.entry);
  const open = (entry: string | undefined) => void navigate({ search: (before) => ({ ...before, entry }) });
  return (
    <Page
      title={texts.audit.title}
      note={texts.audit.lead}
      actions={<ViewsMenu list="audit" />}
      filters={
        <ActionFilter
          value={search.action ?? ""}
          onChange={(action) => void navigate({ search: (before) => ({ ...before, action: action || undefined }), replace: true })}
        />
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
              empty={<Empty title={texts.audit.none}>{texts.audit.noneHelp}</Empty>}
            />
          }
          pane={opened && <EntryPane entry={opened} onClose={() => open(undefined)} />}
        />
      )}
    </Page>
  );
}

function ActionFilter({ value, onChange }: { value: string; onChange: (action: string) => void }) {
  const texts = useTexts();
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const tell = useDebouncedCallback(onChange, 300);
  const change = (next: string) => {
    setText(next);
    tell(next);
  };
  return (
    <TextInput
      aria-label={texts.audit.filter}
      placeholder={texts.audit.filter}
      w={220}
      value={text}
      onChange={(event) => change(event.currentTarget.value)}
      rightSection={text && <CloseButton size={18} aria-label={texts.findings.clear} onClick={() => change("")} />}
    />
  );
}

function EntryPane({ entry, onClose }: { entry: Entry; onClose: () => void }) {
  const texts = useTexts();
  const who = useActorWords();
  return (
    <Pane label={entry.action} onClose={onClose} actions={<h2>{entry.action}</h2>}>
      <Facts
        facts={[
          { name: texts.audit.at, value: <Moment at={entry.at} /> },
          { name: texts.audit.actor, value: who(entry.actor) },
          { name: texts.audit.subject, value: `${entry.subjectKind} ${entry.subjectId}` },
          { name: texts.audit.sealed, value: entry.sealed ? texts.audit.sealedYes : texts.audit.sealedNo },
        ]}
      />
      <div className={styles["block"]}>
        <h3>{texts.audit.detail}</h3>
        <pre className={styles["detail"]} tabIndex={0}>
          {JSON.stringify(entry.detail, null, 2)}
        </pre>
      </div>
    </Pane>
  );
}
