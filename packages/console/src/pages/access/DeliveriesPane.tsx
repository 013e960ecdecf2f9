/** What was sent to a webhook, newest first. */
import { Button } from "@mantine/core";
import { useList } from "../../api/queries.ts";
import { Ago } from "../../components/Ago.tsx";
import { Empty, ErrorNote, Loading } from "../../components/notes.tsx";
import { Pane } from "../../components/Pane.tsx";
import { PlainTable } from "../../components/PlainTable.tsx";
import { StateMark } from "../../components/StateMark.tsx";
import { useTexts } from "../../texts/texts.tsx";

const stateOf = { queued: "unknown", delivered: "ok", failed: "failure" } as const;

export function DeliveriesPane({ webhookId, onClose }: { webhookId: string; onClose: () => void }) {
  const texts = useTexts();
  const list = useList("listWebhookDeliveries", { params: { webhookId }, query: { limit: 50 } });
  return (
    <Pane label={texts.webhooks.deliveries} onClose={onClose} actions={<h2>{texts.webhooks.deliveries}</h2>}>
      {list.isLoading && <Loading />}
      {list.error && list.rows.length === 0 && <ErrorNote error={list.error} onRetry={list.retry} />}
      {!list.isLoading && !list.error && list.rows.length === 0 && (
        <Empty title={texts.webhooks.noDeliveries}>{texts.webhooks.noDeliveriesHelp}</Empty>
      )}
      {list.rows.length > 0 && (
        <PlainTable
          label={texts.webhooks.deliveries}
          columns={[
            { header: texts.webhooks.state, width: "110px" },
            { header: texts.webhooks.event, wraps: true },
            { header: texts.webhooks.answer, width: "22%", wraps: true },
            { header: texts.webhooks.attempts, width: "72px", align: "end", from: "sm" },
            { header: texts.webhooks.at, width: "92px" },
          ]}
          rows={list.rows.map((delivery) => ({
            key: delivery.deliveryId,
            cells: [
              <StateMark key="state" state={stateOf[delivery.state]}>
                {texts.webhooks.deliveryStates[delivery.state]}
              </StateMark>,
              delivery.event,
              <span key="answer" title={delivery.lastError ?? undefined}>
                {delivery.lastStatus ?? delivery.lastError ?? "–"}
              </span>,
              delivery.attempts,
              <Ago key="at" at={delivery.createdAt} short />,
            ],
          }))}
        />
      )}
      {list.hasMore && (
        <Button variant="default" mt="sm" loading={list.isLoadingMore} onClick={list.loadMore}>
          {texts.device.older}
        </Button>
      )}
    </Pane>
  );
}
