/** Contacts with customers: those that are due, and those on record. */
import type { Contact } from "@hauswart/protocol/api/contacts.ts";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { query, useList } from "../../api/queries.ts";
import { useScope } from "../../app/customers.ts";
import { Moment } from "../../components/Ago.tsx";
import { CustomerLink } from "../../components/links.tsx";
import { Empty, ErrorNote, Loading } from "../../components/notes.tsx";
import { Page, Section } from "../../components/Page.tsx";
import type { Column } from "../../components/table/columns.ts";
import { DataTable } from "../../components/table/DataTable.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { DueContacts } from "./DueContacts.tsx";

const keyOf = (contact: Contact) => contact.contactId;

function useColumns(): readonly Column<Contact>[] {
  const texts = useTexts();
  return useMemo(
    () => [
      { id: "at", header: texts.care.at, width: 140, cell: (one) => <Moment at={one.at} />, value: (one) => one.at },
      {
        id: "what",
        header: texts.care.what,
        width: 240,
        grow: 2,
        main: true,
        cell: (one) => (
          <Link to="/findings" search={{ state: "all", finding: one.findingId }} title={one.title}>
            {one.title}
          </Link>
        ),
        value: (one) => one.title,
      },
      {
        id: "customer",
        header: texts.care.customer,
        from: "sm",
        width: 180,
        grow: 1,
        cell: (one) => <CustomerLink customerId={one.customerId}>{one.customerName}</CustomerLink>,
        value: (one) => one.customerName,
      },
      {
        id: "partner",
        header: texts.care.partner,
        from: "sm",
        width: 160,
        grow: 1,
        value: (one) => `${one.partner} (${one.reached ? texts.care.channels[one.channel] : texts.care.notReached})`,
      },
      { id: "agreed", header: texts.care.agreed, from: "md", width: 220, grow: 2, value: (one) => one.agreed },
      { id: "next", header: texts.care.nextStep, from: "lg", width: 200, grow: 1, value: (one) => one.nextStep },
      { id: "by", header: texts.care.by, from: "md", width: 130, value: (one) => one.by },
    ],
    [texts],
  );
}

export function ContactsPage() {
  const texts = useTexts();
  const customerId = useScope();
  const due = useQuery(query("listDueContacts", { query: { customerId } }));
  const question = useMemo(() => ({ customerId }), [customerId]);
  const list = useList("listContacts", { query: question });
  const columns = useColumns();
  if (due.error) return <Page title={texts.care.contacts}>{<ErrorNote error={due.error} onRetry={() => void due.refetch()} />}</Page>;
  return (
    <Page title={texts.care.contacts}>
      <Section title={texts.care.due} note={due.data && due.data.items.length > 0 && texts.care.inServiceHours}>
        {!due.data ? (
          <Loading />
        ) : due.data.items.length === 0 ? (
          <Empty title={texts.care.dueNone}>{texts.care.dueNoneHelp}</Empty>
        ) : (
          <>
            {due.data.isCut && <p className="dimmed">{texts.care.dueCut}</p>}
            <DueContacts due={due.data.items} />
          </>
        )}
      </Section>
      <Section title={texts.care.recorded}>
        {list.error && list.rows.length === 0 ? (
          <ErrorNote error={list.error} onRetry={list.retry} />
        ) : list.isLoading ? (
          <Loading />
        ) : (
          <DataTable
            id="contacts"
            label={texts.care.recorded}
            columns={columns}
            rows={list.rows}
            rowKey={keyOf}
            question={list.isStale ? null : JSON.stringify(question)}
            secondary={(one) => `${one.customerName} · ${one.partner}`}
            stale={list.isStale}
            hasMore={list.hasMore}
            onMore={list.loadMore}
            csv={list.csv}
            empty={<Empty title={texts.care.recordedNone}>{texts.care.recordedNoneHelp}</Empty>}
          />
        )}
      </Section>
    </Page>
  );
}
