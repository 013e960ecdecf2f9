/** Every mail that was sent, is to be sent, or could not be. */
import type { OutboxMail } from "@hauswart/protocol/api/mails.ts";
import { Select } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useList } from "../../api/queries.ts";
import { useScope } from "../../app/customers.ts";
import { Ago } from "../../components/Ago.tsx";
import { ClearFilters, DayFilter, momentsOf, TextFilter } from "../../components/filters.tsx";
import { Empty, ErrorNote, Loading } from "../../components/notes.tsx";
import { Page } from "../../components/Page.tsx";
import { Beside } from "../../components/Pane.tsx";
import type { Column } from "../../components/table/columns.ts";
import { DataTable } from "../../components/table/DataTable.tsx";
import { ViewsMenu } from "../../components/views/ViewsMenu.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { MailPane } from "./MailPane.tsx";
import { MailState } from "./MailState.tsx";

const route = getRouteApi("/app/outbox");
const keyOf = (mail: OutboxMail) => mail.mailId;
const states = ["queued", "sent", "refused", "returned", "kept"] as const;

function useColumns(): readonly Column<OutboxMail>[] {
  const texts = useTexts();
  return useMemo(
    () => [
      {
        id: "state",
        header: texts.outbox.state,
        width: 142,
        cell: (mail) => <MailState mail={mail} />,
        value: (mail) => texts.outbox.states[mail.state],
      },
      {
        id: "subject",
        header: texts.outbox.subject,
        width: 280,
        grow: 2,
        main: true,
        cell: (mail) => (
          <Link from="/outbox" to="/outbox" search={(before) => ({ ...before, mail: mail.mailId })} title={mail.subject}>
            {mail.subject}
          </Link>
        ),
        value: (mail) => mail.subject,
      },
      {
        id: "to",
        header: texts.outbox.to,
        from: "md",
        width: 260,
        grow: 1,
        cell: (mail) => <span title={mail.to.join(", ")}>{mail.to.join(", ")}</span>,
        value: (mail) => mail.to.join(", "),
      },
      {
        id: "attempts",
        header: texts.outbox.attempts,
        from: "lg",
        width: 80,
        align: "end",
        value: (mail) => mail.attempts,
      },
      {
        id: "created",
        header: texts.outbox.created,
        from: "sm",
        width: 112,
        cell: (mail) => <Ago at={mail.createdAt} short />,
        value: (mail) => mail.createdAt,
      },
    ],
    [texts],
  );
}

export function OutboxPage() {
  const texts = useTexts();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const customerId = useScope();
  const { state, search: wanted, from, to } = search;
  const question = useMemo(() => ({ state, customerId, search: wanted, ...momentsOf(from, to) }), [state, customerId, wanted, from, to]);
  const list = useList("listOutbox", { query: question });
  const columns = useColumns();
  const open = (mail: string | undefined) => void navigate({ search: (before) => ({ ...before, mail, view: undefined }) });
  return (
    <Page title={texts.outbox.title} actions={<ViewsMenu list="outbox" />} filters={<OutboxFilters />} filling>
      {list.error && list.rows.length === 0 ? (
        <ErrorNote error={list.error} onRetry={list.retry} />
      ) : list.isLoading ? (
        <Loading />
      ) : (
        <Beside
          list={
            <DataTable
              id="outbox"
              label={texts.outbox.title}
              columns={columns}
              rows={list.rows}
              rowKey={keyOf}
              question={list.isStale || list.isLoading ? null : JSON.stringify(question)}
              secondary={(mail) => mail.to.join(", ")}
              onOpen={(mail) => open(mail.mailId)}
              openKey={search.mail}
              stale={list.isStale}
              hasMore={list.hasMore}
              onMore={list.loadMore}
              csv={list.csv}
              empty={<NoMails isFiltered={Boolean(state || wanted || from || to || customerId)} />}
            />
          }
          pane={search.mail && <MailPane key={search.mail} mailId={search.mail} onClose={() => open(undefined)} />}
        />
      )}
    </Page>
  );
}

/** They stand in the address. */
function OutboxFilters() {
  const texts = useTexts();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const set = (name: "search" | "from" | "to") => (value: string | undefined) =>
    void navigate({ search: (before) => ({ ...before, [name]: value, mail: undefined }), replace: true });
  return (
    <>
      <TextFilter label={texts.outbox.search} value={search.search} onChange={set("search")} width={220} />
      <Select
        aria-label={texts.outbox.state}
        placeholder={texts.outbox.anyState}
        w={170}
        clearable
        data={states.map((state) => ({ value: state, label: texts.outbox.states[state] }))}
        value={search.state ?? null}
        onChange={(chosen) =>
          void navigate({ search: (before) => ({ ...before, state: states.find((state) => state === chosen), mail: undefined }) })
        }
      />
      <DayFilter label={texts.audit.from} value={search.from} onChange={set("from")} />
      <DayFilter label={texts.audit.to} value={search.to} onChange={set("to")} />
    </>
  );
}

function NoMails({ isFiltered }: { isFiltered: boolean }) {
  const texts = useTexts();
  if (!isFiltered) return <Empty title={texts.outbox.none}>{texts.outbox.noneHelp}</Empty>;
  return <Empty title={texts.outbox.noneFiltered} action={<ClearFilters />} />;
}
