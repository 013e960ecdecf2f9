/** Who gets alarm mails. */
import type { ItemOf } from "@hauswart/protocol/api/client.ts";
import { Button } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { Allowed } from "../../app/Allowed.tsx";
import { useList } from "../../api/queries.ts";
import { useCustomers, useScope } from "../../app/customers.ts";
import { Empty, ErrorNote, Loading } from "../../components/notes.tsx";
import { Page } from "../../components/Page.tsx";
import type { Column } from "../../components/table/columns.ts";
import { DataTable } from "../../components/table/DataTable.tsx";
import { useSpeech, useTexts } from "../../texts/texts.tsx";
import { RecipientDialog } from "./RecipientDialog.tsx";
import { useRecipientRemoval } from "./removal.ts";
import { useSiteNames } from "./site-names.ts";
import { TestButton } from "./TestButton.tsx";
import styles from "./mail.module.css";

const route = getRouteApi("/app/recipients");
type Recipient = ItemOf<"listRecipients">;
const keyOf = (recipient: Recipient) => recipient.recipientId;

function useColumns(rows: readonly Recipient[], onRemove: (recipient: Recipient) => void): readonly Column<Recipient>[] {
  const { texts, checkTexts } = useSpeech();
  const customers = useCustomers();
  const siteNames = useSiteNames(rows.flatMap(({ customerId, siteId }) => (customerId && siteId ? [customerId] : [])));
  return useMemo(() => {
    const names = new Map((customers.data ?? []).map(({ customerId, name }) => [customerId, name]));
    const scope = ({ customerId, siteId }: Recipient) => {
      if (customerId === null) return texts.recipients.scopeAll;
      const customer = names.get(customerId) ?? "";
      return siteId === null ? customer : `${customer}, ${siteNames.get(siteId) ?? texts.recipients.site}`;
    };
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
        cell: (row) => (
          <span title={row.unreachable ? texts.routing.unreachable(row.unreachable.reason) : row.address}>
            {row.unreachable && <span className={styles["unreachable"]}>▲ </span>}
            {row.address}
            {row.unreachable && <span className="dimmed"> {texts.routing.unreachable(row.unreachable.reason)}</span>}
          </span>
        ),
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
        width: 180,
        grow: 1,
        cell: (row) => <span title={scope(row)}>{scope(row)}</span>,
        value: scope,
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
        from: "md",
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
          <Allowed to="mail:write">
            <TestButton recipient={row} />
            <Button size="compact-xs" variant="subtle" aria-label={texts.recipients.removeOf(row.address)} onClick={() => onRemove(row)}>
              {texts.recipients.remove}
            </Button>
          </Allowed>
        ),
      },
    ];
  }, [texts, checkTexts, customers.data, siteNames, onRemove]);
}

export function RecipientsPage() {
  const texts = useTexts();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const customerId = useScope();
  const question = useMemo(() => ({ customerId }), [customerId]);
  const list = useList("listRecipients", { query: question });
  const remove = useRecipientRemoval();
  const columns = useColumns(list.rows, remove);
  const showAdd = (add: boolean) => void navigate({ search: (before) => ({ ...before, add: add ? ("1" as const) : undefined }) });
  const addButton = (
    <Allowed to="mail:write">
      <Button onClick={() => showAdd(true)}>{texts.recipients.add}</Button>
    </Allowed>
  );
  return (
    <Page title={texts.recipients.title} note={texts.recipients.lead} actions={list.rows.length > 0 && addButton} filling>
      {list.error && list.rows.length === 0 ? (
        <ErrorNote error={list.error} onRetry={list.retry} />
      ) : list.isLoading ? (
        <Loading />
      ) : (
        <DataTable
          id="recipients"
          label={texts.recipients.title}
          columns={columns}
          rows={list.rows}
          rowKey={keyOf}
          question={list.isStale || list.isLoading ? null : JSON.stringify(question)}
          secondary={(row) => texts.recipients.fromSeverity[row.fromSeverity]}
          sort={search.sort}
          onSort={(sort) => void navigate({ search: (before) => ({ ...before, sort }) })}
          stale={list.isStale}
          hasMore={list.hasMore}
          onMore={list.loadMore}
          empty={
            <Empty title={texts.recipients.none} action={addButton}>
              {texts.recipients.noneHelp}
            </Empty>
          }
        />
      )}
      {search.add && <RecipientDialog onClose={() => showAdd(false)} />}
    </Page>
  );
}
