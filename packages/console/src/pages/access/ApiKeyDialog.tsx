/** Makes a key: name, rights, customers, until when. */
import type { ResponseOf } from "@hauswart/protocol/api/client.ts";
import type { GrantableScope } from "@hauswart/protocol/api/route.ts";
import { Checkbox, MultiSelect, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { useChange } from "../../api/change.ts";
import { useCustomers } from "../../app/customers.ts";
import { FormDialog } from "../../components/FormDialog.tsx";
import { useTexts } from "../../texts/texts.tsx";
import styles from "./access.module.css";

const expiries = ["never", "30", "90", "365"] as const;

export function ApiKeyDialog({ onClose, onCreated }: { onClose: () => void; onCreated: (key: ResponseOf<"createApiKey">) => void }) {
  const texts = useTexts();
  const scopeNames = Object.entries(texts.apiKeys.scopeNames) as [GrantableScope, string][];
  const customers = useCustomers();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<GrantableScope[]>(["devices:read", "findings:read"]);
  const [customerIds, setCustomerIds] = useState<string[]>([]);
  const [expiry, setExpiry] = useState<(typeof expiries)[number]>("never");
  const create = useChange("createApiKey", { touches: ["listApiKeys"], quiet: true, onDone: onCreated });
  const submit = () => {
    const expiresAt = expiry === "never" ? null : new Date(Date.now() + Number(expiry) * 86_400_000).toISOString();
    create.mutate({ body: { name, scopes, customerIds: customerIds.length === 0 ? null : customerIds, expiresAt } });
  };
  return (
    <FormDialog
      title={texts.apiKeys.add}
      action={texts.apiKeys.add}
      error={create.error}
      isPending={create.isPending}
      isIncomplete={name.trim() === "" || scopes.length === 0}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextInput
        label={texts.apiKeys.name}
        required
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <Checkbox.Group
        label={texts.apiKeys.scopes}
        value={scopes}
        onChange={(chosen) => setScopes(scopeNames.map(([scope]) => scope).filter((scope) => chosen.includes(scope)))}
      >
        <div className={styles["scopes"]}>
          {scopeNames.map(([scope, label]) => (
            <Checkbox key={scope} value={scope} label={label} />
          ))}
        </div>
      </Checkbox.Group>
      <MultiSelect
        label={texts.apiKeys.onlyCustomers}
        placeholder={customerIds.length === 0 ? texts.apiKeys.onlyCustomersPlaceholder : ""}
        searchable
        clearable
        limit={100}
        data={(customers.data ?? []).map((customer) => ({ value: customer.customerId, label: customer.name }))}
        value={customerIds}
        onChange={setCustomerIds}
      />
      <Select
        label={texts.apiKeys.expires}
        allowDeselect={false}
        data={expiries.map((one) => ({ value: one, label: texts.apiKeys.expiresChoices[one] }))}
        value={expiry}
        onChange={(chosen) => setExpiry(expiries.find((one) => one === chosen) ?? expiry)}
      />
    </FormDialog>
  );
}
