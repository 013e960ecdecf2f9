/** Who is told of findings, how and when. */
import type { ItemOf } from "@hauswart/protocol/api/client.ts";
import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { Allowed } from "../../app/Allowed.tsx";
import { useOpened } from "../../api/opened.ts";
import { useList, type List } from "../../api/queries.ts";
import { useCustomers, useScope } from "../../app/customers.ts";
import { useMay } from "../../app/session.ts";
import { NotKnown } from "../../components/NotKnown.tsx";
import { Empty, ErrorNote, Loading } from "../../components/notes.tsx";
import { Page } from "../../components/Page.tsx";
import type { Column } from "../../components/table/columns.ts";
import { DataTable } from "../../components/table/DataTable.tsx";
import { useSpeech, useTexts } from "../../texts/texts.tsx";
import { EditRecipientDialog, RecipientDialog } from "./RecipientDialog.tsx";
import { useRecipientRemoval } from "./removal.ts";
import { siteNamesOf, useSiteNames } from "./site-names.ts";
import { TestButton } from "./TestButton.tsx";
import styles from "./mail.module.css";

const route = getRouteApi("/app/recipients");
type Recipient = ItemOf<"listRecipients">;
const keyOf = (recipient: Recipient) => recipient.recipientId;

function Address({ recipient }: { recipient: Recipient }) {
  const mayChange = useMay("mail:write", recipient.customerId);
  const { texts, format } = useSpeech();
  const { address, recipientId, unreachable } = recipient;
  // The mark at its end tells workflows of one region apart: where there is too little room, the host gives way.
  const [host, mark] = address.split(" #");
  const why = unreachable && texts.routing.unreachable(format.dateTime(Date.parse(unreachable.since)), unreachable.reason);
  const shown = mark ? (
    <span className={styles["marked"]}>
      <span>{host}</span>
      <span> #{mark}</span>
    </span>
  ) : (
    address
  );
  return (
    <span title={why ? `${address}: ${why}` : address}>
      {why && <span className={styles["unreachable"]}>▲ </span>}
      {mayChange ? (
        <Link from="/recipients" to="/recipients" search={(before) => ({ ...before, edit: recipientId })}>
          {shown}
        </Link>
      ) : (
        shown
      )}
      {why && <span className="dimmed"> {why}</span>}
    </span>
  );
}

/** A recipient and for whom it is, in words. */
type Row = Recipient & { readonly where: string };

/** Recipients as rows; those that are here, and, for a CSV of all, any others. */
function useRows(list: List<Recipient>) {
  const { recipients: texts } = useTexts();
  const customers = useCustomers();
  const client = useQueryClient();
  const known = useSiteNames(customersOf(list.rows));
  const toRows = useMemo(() => {
    const names = new Map((customers.data ?? []).map(({ customerId, name }) => [customerId, name]));
    return (recipients: readonly Recipient[], siteNames: ReadonlyMap<string, string>): readonly Row[] =>
      recipients.map((recipient) => {
        const { customerId, siteId } = recipient;
        const customer = customerId === null ? texts.scopeAll : (names.get(customerId) ?? "");
        return { ...recipient, where: siteId === null ? customer : `${customer}, ${siteNames.get(siteId) ?? texts.site}` };
      });
  }, [texts, customers.data]);
  const rows = useMemo(() => toRows(list.rows, known), [toRows, list.rows, known]);
  const csv = async () => {
    const all = await list.whole();
    return toRows(all, await siteNamesOf(client, customersOf(all)));
  };
  return { rows, csv };
}

/** The customers of whom a single site is named. */
const customersOf = (rows: readonly Recipient[]) => rows.flatMap(({ customerId, siteId }) => (customerId && siteId ? [customerId] : []));

function useColumns(onRemove: (recipient: Recipient) => void): readonly Column<Row>[] {
  const { texts, checkTexts } = useSpeech();
  return useMemo(() => {
    const checks = ({ checks: chosen, topics }: Recipient) =>
      chosen === null && topics === null
        ? texts.recipients.allChecks
        : [
            ...(topics ?? []).map((topic) => texts.routing.topicNames[topic]),
            ...(chosen ?? []).map((check) => checkTexts(check).name),
          ].join(", ");
    return [
      {
        id: "address",
        header: texts.recipients.address,
        width: 240,
        grow: 3,
        main: true,
        cell: (row) => <Address recipient={row} />,
        value: (row) => row.address,
      },
      {
        id: "channel",
        header: texts.routing.channel,
        from: "md",
        width: 120,
        value: (row) => texts.routing.channels[row.channel],
      },
      {
        id: "scope",
        header: texts.recipients.scope,
        from: "sm",
        width: 180,
        grow: 1,
        cell: (row) => <span title={row.where}>{row.where}</span>,
        value: (row) => row.where,
      },
      {
        id: "from",
        header: texts.recipients.from,
        from: "sm",
        width: 196,
        value: (row) => texts.recipients.fromSeverity[row.fromSeverity],
      },
      {
        id: "checks",
        header: texts.recipients.checks,
        from: "md",
        width: 150,
        grow: 1,
        cell: (row) => <span title={checks(row)}>{checks(row)}</span>,
        value: checks,
      },
      {
        id: "recoveries",
        header: texts.recipients.recoveriesShort,
        from: "lg",
        width: 106,
        value: (row) => (row.recoveries ? texts.shell.yes : texts.shell.no),
      },
      {
        id: "language",
        header: texts.recipients.language,
        from: "lg",
        width: 106,
        value: (row) => texts.shell.languages[row.language],
      },
      {
        id: "remove",
        header: "",
        hiddenHeader: texts.recipients.remove,
        width: 176,
        align: "end",
        cell: (row) => (
          <Allowed to="mail:write" of={row.customerId}>
            <TestButton recipient={row} />
            <Button size="compact-xs" variant="subtle" aria-label={texts.recipients.removeOf(row.address)} onClick={() => onRemove(row)}>
              {texts.recipients.remove}
            </Button>
          </Allowed>
        ),
      },
    ];
  }, [texts, checkTexts, onRemove]);
}

export function RecipientsPage() {
  const texts = useTexts();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const customerId = useScope();
  const question = useMemo(() => ({ customerId }), [customerId]);
  const list = useList("listRecipients", { query: question });
  const remove = useRecipientRemoval();
  const { rows, csv } = useRows(list);
  const columns = useColumns(remove);
  const opened = useOpened(
    "getRecipient",
    list.rows.find(({ recipientId }) => recipientId === search.edit),
    search.edit === undefined || list.isLoading ? undefined : { params: { recipientId: search.edit } },
  );
  const edited = opened?.data;
  const showAdd = (add: boolean) => void navigate({ search: (before) => ({ ...before, add: add ? ("1" as const) : undefined }) });
  const addButton = (
    <Allowed to="mail:write">
      <Button onClick={() => showAdd(true)}>{texts.recipients.add}</Button>
    </Allowed>
  );
  return (
    <Page title={texts.recipients.title} note={texts.recipients.lead} actions={list.rows.length > 0 && addButton} filling>
      {opened?.error && !edited && <NotKnown what={texts.recipients.one} asked={opened} />}
      {list.error && list.rows.length === 0 ? (
        <ErrorNote error={list.error} onRetry={list.retry} />
      ) : list.isLoading ? (
        <Loading />
      ) : (
        <DataTable
          id="recipients"
          label={texts.recipients.title}
          columns={columns}
          rows={rows}
          rowKey={keyOf}
          question={list.isStale || list.isLoading ? null : JSON.stringify(question)}
          secondary={(row) => `${row.where} · ${texts.recipients.fromSeverity[row.fromSeverity]}`}
          sort={search.sort}
          onSort={(sort) => void navigate({ search: (before) => ({ ...before, sort }) })}
          stale={list.isStale}
          hasMore={list.hasMore}
          onMore={list.loadMore}
          csv={csv}
          empty={
            <Empty title={texts.recipients.none} action={addButton}>
              {texts.recipients.noneHelp}
            </Empty>
          }
        />
      )}
      {search.add && <RecipientDialog onClose={() => showAdd(false)} />}
      {edited && (
        <Allowed to="mail:write" of={edited.customerId}>
          <EditRecipientDialog
            key={edited.recipientId}
            recipient={edited}
            onClose={() => void navigate({ search: (before) => ({ ...before, edit: undefined }) })}
          />
        </Allowed>
      )}
    </Page>
  );
}
