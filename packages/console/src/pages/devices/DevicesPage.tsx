/** All devices: filters in the address, pages by cursor, rows that stay where they are. */
import type { Device } from "@hauswart/protocol/api/models.ts";
import { Button, Group } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { useList } from "../../api/queries.ts";
import { useScope } from "../../app/customers.ts";
import { Empty, ErrorNote, Loading } from "../../components/notes.tsx";
import { Page } from "../../components/Page.tsx";
import { StateCount } from "../../components/StateMark.tsx";
import { DataTable } from "../../components/table/DataTable.tsx";
import { ViewsMenu } from "../../components/views/ViewsMenu.tsx";
import { useTexts } from "../../texts/texts.tsx";
import NoDevices from "../enrol/NoDevices.tsx";
import { useDeviceColumns } from "./columns.tsx";
import { DeviceFilters } from "./DeviceFilters.tsx";

const route = getRouteApi("/app/devices");
/** Columns by which the server sorts. */
const sortable = ["state", "name", "customer", "presence"];
const keyOf = (device: Device) => device.deviceId;

export function DevicesPage() {
  const texts = useTexts();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const customerId = useScope();
  const question = useMemo(
    () => ({
      customerId,
      siteId: search.site,
      state: search.state,
      tag: search.tag,
      search: search.search,
      show: search.show,
      sort: search.sort ?? ("name" as const),
    }),
    [customerId, search],
  );
  const list = useList("listDevices", { query: question });
  const columns = useDeviceColumns(customerId === undefined);
  const open = useCallback(
    (device: Device) => void navigate({ to: "/devices/$deviceId", params: { deviceId: device.deviceId } }),
    [navigate],
  );
  const isFiltered = Boolean(search.search || search.state || search.tag || search.site || search.show || customerId);
  return (
    <Page
      title={texts.devices.title}
      note={list.total !== null && texts.devices.total(list.total)}
      filters={<DeviceFilters />}
      actions={<ViewsMenu list="devices" />}
      filling
    >
      {list.error && list.rows.length === 0 ? (
        <ErrorNote error={list.error} onRetry={list.retry} />
      ) : list.isLoading ? (
        <Loading />
      ) : (
        <DataTable
          id="devices"
          label={texts.devices.title}
          columns={columns}
          rows={list.rows}
          rowKey={keyOf}
          question={list.isStale || list.isLoading ? null : JSON.stringify(question)}
          secondary={(device) => (
            <>
              <StateCount state="failure" count={device.openFindings.failure} />{" "}
              <StateCount state="warning" count={device.openFindings.warning} /> {device.customerName} · {device.siteName}
            </>
          )}
          sort={search.sort ?? "name"}
          serverSorted={sortable}
          onSort={(sort) => void navigate({ search: (before) => ({ ...before, sort: sort as typeof search.sort }) })}
          onOpen={open}
          stale={list.isStale}
          hasMore={list.hasMore}
          onMore={list.loadMore}
          csv={list.csv}
          total={list.total}
          empty={isFiltered ? <NoneFits /> : <NoDevices />}
        />
      )}
    </Page>
  );
}

function NoneFits() {
  const texts = useTexts();
  const { search, show } = route.useSearch();
  return (
    <Empty
      title={texts.devices.none}
      action={
        <Group gap={8} justify="center">
          <Button variant="default" renderRoot={(props) => <Link to="/devices" search={{ customer: undefined }} {...props} />}>
            {texts.devices.clear}
          </Button>
          {search && show !== "removed" && (
            <Button
              variant="default"
              renderRoot={(props) => <Link from="/devices" to="." search={(before) => ({ ...before, show: "removed" })} {...props} />}
            >
              {texts.devices.searchRemoved}
            </Button>
          )}
        </Group>
      }
    >
      {texts.devices.noneHelp}
    </Empty>
  );
}
