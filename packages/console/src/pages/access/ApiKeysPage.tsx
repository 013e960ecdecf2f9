/** Keys for programs. */
import type { ItemOf, ResponseOf } from "@hauswart/protocol/api/client.ts";
import { Button } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useChange } from "../../api/change.ts";
import { useList } from "../../api/queries.ts";
import { useCustomers } from "../../app/customers.ts";
import { Ago, Moment } from "../../components/Ago.tsx";
import { Confirm } from "../../components/Confirm.tsx";
import { CopyField } from "../../components/CopyField.tsx";
import { Dialog } from "../../components/Dialog.tsx";
import { Empty, ErrorNote, Loading } from "../../components/notes.tsx";
import { useNow } from "../../components/now.ts";
import { Page } from "../../components/Page.tsx";
import { StateMark } from "../../components/StateMark.tsx";
import type { Column } from "../../components/table/columns.ts";
import { DataTable } from "../../components/table/DataTable.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { ApiKeyDialog } from "./ApiKeyDialog.tsx";
import styles from "./access.module.css";

const route = getRouteApi("/app/api-keys");
type ApiKey = ItemOf<"listApiKeys">;
type CreatedApiKey = ResponseOf<"createApiKey">;
const keyOf = (key: ApiKey) => key.apiKeyId;

function useColumns(onRevoke: (key: ApiKey) => void): readonly Column<ApiKey>[] {
  const texts = useTexts();
  const customers = useCustomers();
  const now = useNow();
  return useMemo(() => {
    const names = new Map((customers.data ?? []).map(({ customerId, name }) => [customerId, name]));
    const scopes = (key: ApiKey) => key.scopes.map((scope) => texts.apiKeys.scopeNames[scope]).join(", ");
    const forWhom = ({ customerIds }: ApiKey) => customerIds?.map((id) => names.get(id) ?? "–").join(", ") ?? texts.apiKeys.allCustomers;
    const isExpired = ({ expiresAt }: ApiKey) => expiresAt !== null && Date.parse(expiresAt) <= now;
    const state = (key: ApiKey) => (key.revokedAt ? texts.apiKeys.revoked : isExpired(key) ? texts.apiKeys.ended : texts.apiKeys.active);
    return [
      { id: "name", header: texts.apiKeys.name, width: 190, grow: 1, main: true, cell: (key) => key.name, value: (key) => key.name },
      {
        id: "state",
        header: texts.apiKeys.state,
        width: 118,
        cell: (key) => <StateMark state={key.revokedAt || isExpired(key) ? "unknown" : "ok"}>{state(key)}</StateMark>,
        value: state,
      },
      {
        id: "scopes",
        header: texts.apiKeys.scopes,
        from: "sm",
        width: 240,
        grow: 2,
        cell: (key) => <span title={scopes(key)}>{scopes(key)}</span>,
        value: scopes,
      },
      {
        id: "customers",
        header: texts.apiKeys.customers,
        from: "md",
        width: 160,
        cell: (key) => <span title={forWhom(key)}>{forWhom(key)}</span>,
        value: forWhom,
      },
      {
        id: "lastUsed",
        header: texts.apiKeys.lastUsed,
        from: "sm",
        width: 124,
        cell: (key) => <Ago at={key.lastUsedAt} short none={texts.apiKeys.never} />,
        value: (key) => key.lastUsedAt,
      },
      {
        id: "expires",
        header: texts.apiKeys.expires,
        from: "lg",
        width: 160,
        cell: (key) => (key.expiresAt ? <Moment at={key.expiresAt} /> : texts.apiKeys.expiresNone),
        value: (key) => key.expiresAt,
      },
      {
        id: "created",
        header: texts.apiKeys.created,
        from: "lg",
        width: 160,
        cell: (key) => <Moment at={key.createdAt} />,
        value: (key) => key.createdAt,
      },
      {
        id: "revoke",
        header: "",
        hiddenHeader: texts.apiKeys.revoke,
        width: 126,
        align: "end",
        cell: (key) =>
          key.revokedAt === null && (
            <Button size="compact-xs" variant="subtle" aria-label={texts.apiKeys.revokeOf(key.name)} onClick={() => onRevoke(key)}>
              {texts.apiKeys.revoke}
            </Button>
          ),
      },
    ];
  }, [texts, customers.data, now, onRevoke]);
}

export function ApiKeysPage() {
  const texts = useTexts();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const list = useList("listApiKeys", {});
  const [asked, setAsked] = useState<ApiKey | null>(null);
  const [created, setCreated] = useState<CreatedApiKey | null>(null);
  const revoke = useChange("revokeApiKey", {
    touches: ["listApiKeys"],
    message: () => texts.apiKeys.revokedDone,
    onDone: () => setAsked(null),
  });
  const columns = useColumns(setAsked);
  const showAdd = (add: boolean) => void navigate({ search: (before) => ({ ...before, add: add ? ("1" as const) : undefined }) });
  const addButton = <Button onClick={() => showAdd(true)}>{texts.apiKeys.add}</Button>;
  return (
    <Page title={texts.apiKeys.title} note={texts.apiKeys.lead} actions={list.rows.length > 0 && addButton} filling>
      {list.error && list.rows.length === 0 ? (
        <ErrorNote error={list.error} onRetry={list.retry} />
      ) : list.isLoading ? (
        <Loading />
      ) : (
        <DataTable
          id="api-keys"
          label={texts.apiKeys.title}
          columns={columns}
          rows={list.rows}
          rowKey={keyOf}
          question={list.isLoading ? null : ""}
          sort={search.sort}
          onSort={(sort) => void navigate({ search: (before) => ({ ...before, sort }) })}
          hasMore={list.hasMore}
          onMore={list.loadMore}
          csv={list.csv}
          empty={
            <Empty title={texts.apiKeys.none} action={addButton}>
              {texts.apiKeys.noneHelp}
            </Empty>
          }
        />
      )}
      {search.add && (
        <ApiKeyDialog
          onClose={() => showAdd(false)}
          onCreated={(key) => {
            setCreated(key);
            showAdd(false);
          }}
        />
      )}
      {created && (
        <Dialog onClose={() => setCreated(null)} title={created.name} size="lg" closeOnClickOutside={false}>
          <div className={styles["once"]}>
            <p>{texts.apiKeys.once}</p>
            <CopyField label={texts.apiKeys.onceTitle} value={created.key} />
            <div className={styles["buttons"]}>
              <Button onClick={() => setCreated(null)}>{texts.enrol.done}</Button>
            </div>
          </div>
        </Dialog>
      )}
      {asked && (
        <Confirm
          title={texts.apiKeys.revokeTitle(asked.name)}
          action={texts.apiKeys.revoke}
          isPending={revoke.isPending}
          onConfirm={() => revoke.mutate({ params: { apiKeyId: asked.apiKeyId } })}
          onClose={() => setAsked(null)}
        >
          {texts.apiKeys.revokeText}
        </Confirm>
      )}
    </Page>
  );
}
