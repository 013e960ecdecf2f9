/** Repairs that customers ordered from their alarm mails. */
import type { RepairOrder } from "@hauswart/protocol/api/repair-orders.ts";
import { repairOrderStates } from "@hauswart/protocol/api/repair-order-states.ts";
import { Button, Select } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useOpened } from "../../api/opened.ts";
import { useList } from "../../api/queries.ts";
import { useScope } from "../../app/customers.ts";
import { Ago } from "../../components/Ago.tsx";
import { Facts } from "../../components/Facts.tsx";
import { ClearFilters } from "../../components/filters.tsx";
import { CustomerLink } from "../../components/links.tsx";
import { Empty, ErrorNote, Loading } from "../../components/notes.tsx";
import { Page } from "../../components/Page.tsx";
import { OpenedPane } from "../../components/OpenedPane.tsx";
import { Beside, Pane } from "../../components/Pane.tsx";
import type { Column } from "../../components/table/columns.ts";
import { DataTable } from "../../components/table/DataTable.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { OrderActions } from "./OrderActions.tsx";
import { OrderFacts, OrderState } from "./OrderFacts.tsx";

const route = getRouteApi("/app/orders");
const keyOf = (order: RepairOrder) => order.repairOrderId;

function useColumns(): readonly Column<RepairOrder>[] {
  const texts = useTexts();
  return useMemo(
    () => [
      {
        id: "state",
        header: texts.care.state,
        width: 130,
        cell: (one) => <OrderState state={one.state} />,
        value: (one) => texts.care.states[one.state],
      },
      {
        id: "title",
        header: texts.care.what,
        width: 260,
        grow: 2,
        main: true,
        cell: (one) => (
          <Link from="/orders" to="/orders" search={(before) => ({ ...before, order: one.repairOrderId })} title={one.title}>
            {one.title}
          </Link>
        ),
        value: (one) => one.title,
      },
      {
        id: "customer",
        header: texts.care.customer,
        from: "sm",
        width: 200,
        grow: 1,
        cell: (one) => <CustomerLink customerId={one.customerId}>{one.customerName}</CustomerLink>,
        value: (one) => one.customerName,
      },
      { id: "device", header: texts.care.device, from: "md", width: 150, grow: 1, value: (one) => one.deviceName ?? "" },
      { id: "orderedBy", header: texts.care.orderedBy, from: "md", width: 150, grow: 1, value: (one) => one.orderedBy },
      {
        id: "orderedAt",
        header: texts.care.orderedAt,
        width: 112,
        cell: (one) => <Ago at={one.orderedAt} short />,
        value: (one) => one.orderedAt,
      },
    ],
    [texts],
  );
}

export function OrdersPage() {
  const texts = useTexts();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const customerId = useScope();
  const { state } = search;
  const question = useMemo(() => ({ state, customerId }), [state, customerId]);
  const list = useList("listRepairOrders", { query: question });
  const columns = useColumns();
  const open = (order: string | undefined) => void navigate({ search: (before) => ({ ...before, order }) });
  const opened = useOpened(
    "getRepairOrder",
    list.rows.find(({ repairOrderId }) => repairOrderId === search.order),
    search.order === undefined || list.isLoading ? undefined : { params: { repairOrderId: search.order } },
  );
  return (
    <Page
      title={texts.care.orders}
      filling
      filters={
        <Select
          aria-label={texts.care.state}
          placeholder={texts.care.anyState}
          w={170}
          clearable
          data={repairOrderStates.map((one) => ({ value: one, label: texts.care.states[one] }))}
          value={state ?? null}
          onChange={(chosen) =>
            void navigate({ search: (before) => ({ ...before, state: repairOrderStates.find((one) => one === chosen) }) })
          }
        />
      }
    >
      {list.error && list.rows.length === 0 ? (
        <ErrorNote error={list.error} onRetry={list.retry} />
      ) : list.isLoading ? (
        <Loading />
      ) : (
        <Beside
          list={
            <DataTable
              id="orders"
              label={texts.care.orders}
              columns={columns}
              rows={list.rows}
              rowKey={keyOf}
              question={list.isStale ? null : JSON.stringify(question)}
              secondary={(one) => `${one.customerName} · ${one.orderedBy}`}
              onOpen={(one) => open(one.repairOrderId)}
              openKey={search.order}
              stale={list.isStale}
              hasMore={list.hasMore}
              onMore={list.loadMore}
              csv={list.csv}
              empty={
                <Empty title={state ? texts.care.ordersNoneFiltered : texts.care.ordersNone} action={state && <ClearFilters />}>
                  {state ? null : texts.care.ordersNoneHelp}
                </Empty>
              }
            />
          }
          pane={
            opened && (
              <OpenedPane label={texts.care.orders} opened={opened} onClose={() => open(undefined)}>
                {(order) => <OrderPane order={order} onClose={() => open(undefined)} />}
              </OpenedPane>
            )
          }
        />
      )}
    </Page>
  );
}

function OrderPane({ order, onClose }: { order: RepairOrder; onClose: () => void }) {
  const texts = useTexts();
  const optional = (name: string, value: string | null) => (value ? [{ name, value }] : []);
  return (
    <Pane
      label={order.title}
      onClose={onClose}
      actions={
        <Button
          variant="default"
          renderRoot={(props) => <Link to="/findings" search={{ state: "all", finding: order.findingId }} {...props} />}
        >
          {texts.care.openFinding}
        </Button>
      }
    >
      <h2>{order.title}</h2>
      <Facts
        facts={[
          { name: texts.care.customer, value: <CustomerLink customerId={order.customerId}>{order.customerName}</CustomerLink> },
          ...optional(texts.care.site, order.siteName),
          ...optional(texts.care.device, order.deviceName),
        ]}
      />
      <OrderFacts order={order} />
      <OrderActions order={order} />
    </Pane>
  );
}
