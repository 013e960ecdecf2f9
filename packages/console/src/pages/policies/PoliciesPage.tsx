/** Policies: list and new ones. */
import type { Policy } from "@hauswart/protocol/api/policies.ts";
import { Button, TextInput } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { Allowed } from "../../app/Allowed.tsx";
import { useChange } from "../../api/change.ts";
import { useList } from "../../api/queries.ts";
import { useCustomers, useScope } from "../../app/customers.ts";
import { OwnerSelect } from "../../components/OwnerSelect.tsx";
import { Ago } from "../../components/Ago.tsx";
import { FormDialog } from "../../components/FormDialog.tsx";
import { Empty, ErrorNote, Loading } from "../../components/notes.tsx";
import { Page } from "../../components/Page.tsx";
import type { Column } from "../../components/table/columns.ts";
import { DataTable } from "../../components/table/DataTable.tsx";
import { useSpeech, useTexts } from "../../texts/texts.tsx";

const route = getRouteApi("/app/policies");
const keyOf = (policy: Policy) => policy.policyId;

function useColumns(customerNames: ReadonlyMap<string, string>): readonly Column<Policy>[] {
  const { texts, checkTexts } = useSpeech();
  return useMemo(() => {
    const scopes = ({ assignments }: Policy) =>
      assignments
        .map(({ scope, scopeName, scopeId }) => {
          if (scope === "provider") return texts.policies.scopes.provider;
          // A tag may be called like a customer or a device.
          return scope === "tag" ? `${texts.policies.scopes.tag} ${scopeId}` : scopeName || scopeId;
        })
        .join(", ") || texts.policies.assignedNone;
    const checks = (policy: Policy) => policy.checks.map(({ check }) => checkTexts(check).name).join(", ");
    const owner = ({ customerId }: Policy) => (customerId === null ? texts.policies.ownerAll : (customerNames.get(customerId) ?? ""));
    return [
      {
        id: "name",
        header: texts.policies.name,
        width: 220,
        grow: 1,
        main: true,
        cell: (policy) => (
          <Link to="/policies/$policyId" params={{ policyId: policy.policyId }}>
            {policy.name}
          </Link>
        ),
        value: (policy) => policy.name,
      },
      {
        id: "checks",
        header: texts.policies.checks,
        from: "sm",
        width: 260,
        grow: 2,
        cell: (policy) => <span title={checks(policy)}>{checks(policy) || "–"}</span>,
        value: checks,
      },
      {
        id: "assigned",
        header: texts.policies.assigned,
        width: 200,
        grow: 1,
        cell: (policy) => <span title={scopes(policy)}>{scopes(policy)}</span>,
        value: scopes,
      },
      { id: "owner", header: texts.policies.owner, from: "md", width: 160, cell: owner, value: owner },
      {
        id: "updated",
        header: texts.policies.updated,
        from: "sm",
        width: 112,
        cell: (policy) => <Ago at={policy.updatedAt} short />,
        value: (policy) => policy.updatedAt,
      },
    ];
  }, [texts, checkTexts, customerNames]);
}

export function PoliciesPage() {
  const texts = useTexts();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const list = useList("listPolicies", {});
  const customers = useCustomers();
  const customerNames = useMemo(() => new Map((customers.data ?? []).map(({ customerId, name }) => [customerId, name])), [customers.data]);
  const columns = useColumns(customerNames);
  const showAdd = (add: boolean) => void navigate({ search: (before) => ({ ...before, add: add ? ("1" as const) : undefined }) });
  const open = (policyId: string) => void navigate({ to: "/policies/$policyId", params: { policyId } });
  const addButton = (
    <Allowed to="policies:write">
      <Button onClick={() => showAdd(true)}>{texts.policies.add}</Button>
    </Allowed>
  );
  return (
    <Page title={texts.policies.title} actions={list.rows.length > 0 && addButton} filling>
      {list.error && list.rows.length === 0 ? (
        <ErrorNote error={list.error} onRetry={list.retry} />
      ) : list.isLoading ? (
        <Loading />
      ) : (
        <DataTable
          id="policies"
          label={texts.policies.title}
          columns={columns}
          rows={list.rows}
          rowKey={keyOf}
          question={list.isLoading ? null : "policies"}
          sort={search.sort}
          onSort={(sort) => void navigate({ search: (before) => ({ ...before, sort }) })}
          onOpen={(policy) => open(policy.policyId)}
          hasMore={list.hasMore}
          onMore={list.loadMore}
          csv={list.csv}
          empty={
            <Empty title={texts.policies.none} action={addButton}>
              {texts.policies.noneHelp}
            </Empty>
          }
        />
      )}
      {search.add && <AddDialog onClose={() => showAdd(false)} onDone={(policy) => open(policy.policyId)} />}
    </Page>
  );
}

function AddDialog({ onClose, onDone }: { onClose: () => void; onDone: (policy: Policy) => void }) {
  const texts = useTexts();
  const scope = useScope();
  const [name, setName] = useState("");
  const [customerId, setCustomerId] = useState<string | null>(scope ?? null);
  const create = useChange("createPolicy", { touches: ["listPolicies"], quiet: true, onDone });
  return (
    <FormDialog
      title={texts.policies.add}
      action={texts.policies.add}
      error={create.error}
      isPending={create.isPending}
      isIncomplete={name.trim() === ""}
      onSubmit={() => create.mutate({ body: { name, customerId } })}
      onClose={onClose}
    >
      <TextInput
        label={texts.policies.name}
        required
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <OwnerSelect
        to="policies:write"
        label={texts.policies.owner}
        all={texts.policies.ownerAll}
        value={customerId}
        onChange={setCustomerId}
      />
    </FormDialog>
  );
}
