/** Addresses that are told of findings. */
import type { ItemOf, ResponseOf } from "@hauswart/protocol/api/client.ts";
import { Button, TextInput } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { Allowed } from "../../app/Allowed.tsx";
import { useChange } from "../../api/change.ts";
import { useList } from "../../api/queries.ts";
import { useCustomers, useScope } from "../../app/customers.ts";
import { Dialog } from "../../components/Dialog.tsx";
import { OwnerSelect } from "../../components/OwnerSelect.tsx";
import { Moment } from "../../components/Ago.tsx";
import { Confirm } from "../../components/Confirm.tsx";
import { CopyField } from "../../components/CopyField.tsx";
import { FormDialog } from "../../components/FormDialog.tsx";
import { Empty, ErrorNote, Loading } from "../../components/notes.tsx";
import { Page } from "../../components/Page.tsx";
import { Beside } from "../../components/Pane.tsx";
import type { Column } from "../../components/table/columns.ts";
import { DataTable } from "../../components/table/DataTable.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { DeliveriesPane } from "./DeliveriesPane.tsx";
import styles from "./access.module.css";

const route = getRouteApi("/app/webhooks");
type Webhook = ItemOf<"listWebhooks">;
type CreatedWebhook = ResponseOf<"createWebhook">;
const keyOf = (webhook: Webhook) => webhook.webhookId;

function useColumns(onRemove: (webhook: Webhook) => void): readonly Column<Webhook>[] {
  const texts = useTexts();
  const customers = useCustomers();
  return useMemo(() => {
    const names = new Map((customers.data ?? []).map(({ customerId, name }) => [customerId, name]));
    const forWhom = ({ customerId }: Webhook) => (customerId === null ? texts.webhooks.allCustomers : (names.get(customerId) ?? "–"));
    return [
      {
        id: "url",
        header: texts.webhooks.url,
        width: 280,
        grow: 1,
        main: true,
        cell: (webhook) => (
          <Link from="/webhooks" to="/webhooks" search={(before) => ({ ...before, webhook: webhook.webhookId })}>
            {webhook.url}
          </Link>
        ),
        value: (webhook) => webhook.url,
      },
      { id: "customer", header: texts.webhooks.customer, from: "md", width: 180, cell: forWhom, value: forWhom },
      {
        id: "state",
        header: texts.webhooks.state,
        from: "sm",
        width: 120,
        value: (webhook) => (webhook.active ? texts.webhooks.active : texts.webhooks.inactive),
      },
      {
        id: "created",
        header: texts.webhooks.created,
        from: "md",
        width: 160,
        cell: (webhook) => <Moment at={webhook.createdAt} />,
        value: (webhook) => webhook.createdAt,
      },
      {
        id: "remove",
        header: "",
        hiddenHeader: texts.webhooks.remove,
        width: 116,
        align: "end",
        cell: (webhook) => (
          <Allowed to="settings:write" of={webhook.customerId}>
            <Button size="compact-xs" variant="subtle" aria-label={texts.webhooks.removeOf(webhook.url)} onClick={() => onRemove(webhook)}>
              {texts.webhooks.remove}
            </Button>
          </Allowed>
        ),
      },
    ];
  }, [texts, customers.data, onRemove]);
}

export function WebhooksPage() {
  const texts = useTexts();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const list = useList("listWebhooks", {});
  const [asked, setAsked] = useState<Webhook | null>(null);
  const [created, setCreated] = useState<CreatedWebhook | null>(null);
  const open = (webhook: string | undefined) => void navigate({ search: (before) => ({ ...before, webhook }) });
  const remove = useChange("deleteWebhook", {
    touches: ["listWebhooks"],
    message: () => texts.webhooks.removed,
    onDone: () => {
      setAsked(null);
      open(undefined);
    },
  });
  const columns = useColumns(setAsked);
  const showAdd = (add: boolean) => void navigate({ search: (before) => ({ ...before, add: add ? ("1" as const) : undefined }) });
  const addButton = (
    <Allowed to="settings:write">
      <Button onClick={() => showAdd(true)}>{texts.webhooks.add}</Button>
    </Allowed>
  );
  return (
    <Page title={texts.webhooks.title} note={texts.webhooks.lead} actions={list.rows.length > 0 && addButton} filling>
      {list.error && list.rows.length === 0 ? (
        <ErrorNote error={list.error} onRetry={list.retry} />
      ) : list.isLoading ? (
        <Loading />
      ) : (
        <Beside
          list={
            <DataTable
              id="webhooks"
              label={texts.webhooks.title}
              columns={columns}
              rows={list.rows}
              rowKey={keyOf}
              question={list.isLoading ? null : ""}
              sort={search.sort}
              onSort={(sort) => void navigate({ search: (before) => ({ ...before, sort }) })}
              onOpen={(webhook) => open(webhook.webhookId)}
              openKey={search.webhook}
              hasMore={list.hasMore}
              onMore={list.loadMore}
              csv={list.csv}
              empty={
                <Empty title={texts.webhooks.none} action={addButton}>
                  {texts.webhooks.noneHelp}
                </Empty>
              }
            />
          }
          pane={search.webhook && <DeliveriesPane key={search.webhook} webhookId={search.webhook} onClose={() => open(undefined)} />}
        />
      )}
      {search.add && (
        <AddDialog
          onClose={() => showAdd(false)}
          onCreated={(webhook) => {
            setCreated(webhook);
            showAdd(false);
          }}
        />
      )}
      {created && (
        <Dialog onClose={() => setCreated(null)} title={created.url} size="lg" closeOnClickOutside={false}>
          <div className={styles["once"]}>
            <p>{texts.webhooks.once}</p>
            <CopyField label={texts.webhooks.onceTitle} value={created.secret} />
            <div className={styles["buttons"]}>
              <Button onClick={() => setCreated(null)}>{texts.enrol.done}</Button>
            </div>
          </div>
        </Dialog>
      )}
      {asked && (
        <Confirm
          title={texts.webhooks.removeTitle}
          action={texts.webhooks.remove}
          isPending={remove.isPending}
          onConfirm={() => remove.mutate({ params: { webhookId: asked.webhookId } })}
          onClose={() => setAsked(null)}
        >
          {texts.webhooks.removeText(asked.url)}
        </Confirm>
      )}
    </Page>
  );
}

function AddDialog({ onClose, onCreated }: { onClose: () => void; onCreated: (webhook: CreatedWebhook) => void }) {
  const texts = useTexts();
  const [url, setUrl] = useState("");
  const [customerId, setCustomerId] = useState<string | null>(useScope() ?? null);
  const create = useChange("createWebhook", { touches: ["listWebhooks"], quiet: true, onDone: onCreated });
  return (
    <FormDialog
      title={texts.webhooks.add}
      action={texts.webhooks.add}
      error={create.error}
      isPending={create.isPending}
      isIncomplete={!/^https?:\/\/./.test(url)}
      onSubmit={() => create.mutate({ body: { url: url.trim(), customerId } })}
      onClose={onClose}
    >
      <TextInput
        type="url"
        label={texts.webhooks.url}
        placeholder="https://"
        required
        value={url}
        onChange={(event) => setUrl(event.currentTarget.value)}
        data-autofocus
      />
      <OwnerSelect
        to="settings:write"
        label={texts.webhooks.customer}
        all={texts.webhooks.allCustomers}
        value={customerId}
        onChange={setCustomerId}
      />
    </FormDialog>
  );
}
