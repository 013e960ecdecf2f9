/** Customers: list and new ones. */
import type { Customer } from "@hauswart/protocol/api/models.ts";
import { Button, Switch, TextInput } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { Allowed } from "../../app/Allowed.tsx";
import { useChange } from "../../api/change.ts";
import { useChangedFields } from "../../api/changed.ts";
import { useList } from "../../api/queries.ts";
import { Moment } from "../../components/Ago.tsx";
import { FormDialog } from "../../components/FormDialog.tsx";
import { InheritedTimeZoneSelect, LanguageSelect } from "../../components/LanguageSelect.tsx";
import { CustomerLink } from "../../components/links.tsx";
import { Empty, ErrorNote, Loading } from "../../components/notes.tsx";
import { Page } from "../../components/Page.tsx";
import { StateCounts } from "../../components/StateMark.tsx";
import type { Column } from "../../components/table/columns.ts";
import { DataTable } from "../../components/table/DataTable.tsx";
import { signedInTexts } from "../../texts/signed-in.ts";
import { useSpeech } from "../../texts/texts.tsx";

const route = getRouteApi("/app/customers");
const keyOf = (customer: Customer) => customer.customerId;

function useColumns(): readonly Column<Customer>[] {
  const { texts, format } = useSpeech();
  return useMemo(
    () => [
      {
        id: "name",
        header: texts.customers.name,
        width: 260,
        grow: 1,
        main: true,
        cell: (customer) => <CustomerLink customerId={customer.customerId}>{customer.name}</CustomerLink>,
        value: (customer) => customer.name,
      },
      {
        id: "devices",
        header: texts.customers.devices,
        width: 72,
        align: "end",
        cell: (customer) => format.number(customer.deviceCount),
        value: (customer) => customer.deviceCount,
      },
      {
        id: "findings",
        header: texts.customers.findings,
        width: 120,
        cell: (customer) => <StateCounts {...customer.openFindings} />,
        value: (customer) => customer.openFindings.failure * 1_000 + customer.openFindings.warning,
      },
      {
        id: "language",
        header: texts.customers.language,
        from: "md",
        width: 120,
        value: (customer) => texts.shell.languages[customer.language],
      },
      {
        id: "timeZone",
        header: texts.customers.timeZone,
        from: "lg",
        width: 160,
        value: (customer) => customer.effectiveTimeZone,
      },
      {
        id: "created",
        header: texts.customers.created,
        from: "md",
        width: 170,
        cell: (customer) => <Moment at={customer.createdAt} />,
        value: (customer) => customer.createdAt,
      },
    ],
    [texts, format],
  );
}

export function CustomersPage() {
  const { texts } = useSpeech();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const list = useList("listCustomers", {});
  const columns = useColumns();
  const showAdd = (add: boolean) => void navigate({ search: (before) => ({ ...before, add: add ? ("1" as const) : undefined }) });
  const addButton = (
    <Allowed to="customers:write" of={null}>
      <Button onClick={() => showAdd(true)}>{texts.customers.add}</Button>
    </Allowed>
  );
  return (
    <Page title={texts.customers.title} actions={list.rows.length > 0 && addButton} filling>
      {list.error && list.rows.length === 0 ? (
        <ErrorNote error={list.error} onRetry={list.retry} />
      ) : list.isLoading ? (
        <Loading />
      ) : (
        <DataTable
          id="customers"
          label={texts.customers.title}
          columns={columns}
          rows={list.rows}
          rowKey={keyOf}
          question={list.isLoading ? null : "customers"}
          sort={search.sort}
          onSort={(sort) => void navigate({ search: (before) => ({ ...before, sort }) })}
          onOpen={(customer) => void navigate({ to: "/customers/$customerId", params: { customerId: customer.customerId } })}
          hasMore={list.hasMore}
          onMore={list.loadMore}
          csv={list.csv}
          empty={
            <Empty title={texts.customers.none} action={addButton}>
              {texts.customers.noneHelp}
            </Empty>
          }
        />
      )}
      {search.add && (
        <CustomerDialog
          onClose={() => showAdd(false)}
          onDone={(customer) => void navigate({ to: "/customers/$customerId", params: { customerId: customer.customerId } })}
        />
      )}
    </Page>
  );
}

/** Adds a customer, or changes one. */
export function CustomerDialog({
  customer,
  onClose,
  onDone,
}: {
  customer?: Customer;
  onClose: () => void;
  onDone: (customer: Customer) => void;
}) {
  const { texts, language: own } = useSpeech();
  const [name, setName] = useState(customer?.name ?? "");
  const [language, setLanguage] = useState(customer?.language ?? own);
  const [timeZone, setTimeZone] = useState(customer?.timeZone ?? null);
  const touches = ["listCustomers", "getCustomer", "listSites", "getOverview", "listDevices"] as const;
  const create = useChange("createCustomer", { touches, quiet: true, message: (made) => texts.customers.added(made.name), onDone });
  const change = useChange("changeCustomer", { touches, quiet: true, onDone });
  const [asksSignedIn, setAsksSignedIn] = useState(customer?.asksSignedIn ?? true);
  const words = signedInTexts[own].setting;
  const entered = { name: name.trim(), language, timeZone, ...(customer ? { asksSignedIn } : {}) };
  const changes = useChangedFields(entered);
  const submit = () => {
    if (customer) change.mutate({ params: { customerId: customer.customerId }, body: changes });
    else create.mutate({ body: entered });
  };
  return (
    <FormDialog
      title={customer ? texts.customers.editTitle(customer.name) : texts.customers.add}
      action={customer ? texts.shell.save : texts.customers.add}
      error={create.error ?? change.error}
      isPending={create.isPending || change.isPending}
      isIncomplete={name.trim() === "" || (customer !== undefined && Object.keys(changes).length === 0)}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextInput
        label={texts.customers.name}
        required
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <LanguageSelect label={texts.customers.language} description={texts.customers.languageHelp} value={language} onChange={setLanguage} />
      <InheritedTimeZoneSelect
        label={texts.customers.timeZone}
        inherited={texts.customers.timeZoneOfHouse}
        value={timeZone}
        onChange={setTimeZone}
      />
      {customer && (
        <Switch
          label={words.customer}
          description={words.customerHelp}
          checked={asksSignedIn}
          onChange={(event) => setAsksSignedIn(event.currentTarget.checked)}
        />
      )}
    </FormDialog>
  );
}
