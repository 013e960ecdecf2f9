/** What maintenance is for. */
import type { MaintenanceScope } from "@hauswart/protocol/api/models.ts";
import { Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { query } from "../../api/queries.ts";
import { useMay } from "../../app/session.ts";
import { useTexts } from "../../texts/texts.tsx";
import type { MaintenanceTarget } from "./MaintenanceDialog.tsx";
import styles from "./maintenance.module.css";

const scopes = ["customer", "site", "device", "tag", "provider"] as const satisfies readonly MaintenanceScope[];
/** For those who do not reach all customers; a tag is meant over all of them. */
const scopesWithin = ["customer", "site", "device"] as const satisfies readonly MaintenanceScope[];
/** More are found by typing. */
const mostShown = 100;

export function Target({ target, onChange }: { target: MaintenanceTarget; onChange: (target: MaintenanceTarget) => void }) {
  const texts = useTexts();
  const { scope, scopeId } = target;
  const label = texts.maintenance.which[scope];
  const mayAll = useMay("findings:write", null);
  return (
    <div className={styles["pair"]}>
      <Select
        label={texts.maintenance.scope}
        allowDeselect={false}
        data={(mayAll ? scopes : scopesWithin).map((one) => ({ value: one, label: texts.maintenance.scopes[one] }))}
        value={scope}
        onChange={(chosen) => onChange({ scope: chosen ?? scope, scopeId: "" })}
      />
      {scope === "tag" && (
        <TextInput
          label={label}
          required
          maxLength={50}
          value={scopeId}
          onChange={(event) => onChange({ scope, scopeId: event.currentTarget.value })}
        />
      )}
      {(scope === "customer" || scope === "site" || scope === "device") && (
        <Thing key={scope} scope={scope} label={label} value={scopeId} onChange={(id) => onChange({ scope, scopeId: id })} />
      )}
    </div>
  );
}

interface ThingProps {
  readonly scope: "customer" | "site" | "device";
  readonly label: string;
  readonly value: string;
  readonly onChange: (id: string) => void;
}

function Thing({ scope, label, value, onChange }: ThingProps) {
  const [typed, setTyped] = useState("");
  const customers = useQuery(query("listCustomers", { query: { limit: 500 } }));
  const sites = useQuery({ ...query("listSites", { query: { limit: 500 } }), enabled: scope === "site" });
  const devices = useQuery({
    ...query("listDevices", { query: { limit: mostShown, ...(typed ? { search: typed } : {}) } }),
    enabled: scope === "device",
  });
  const customerName = (id: string) => customers.data?.items.find(({ customerId }) => customerId === id)?.name ?? "";
  const data = {
    customer: (customers.data?.items ?? []).map(({ customerId, name }) => ({ value: customerId, label: name })),
    site: (sites.data?.items ?? []).map(({ siteId, customerId, name }) => ({
      value: siteId,
      label: `${name}, ${customerName(customerId)}`,
    })),
    device: (devices.data?.items ?? []).map((device) => ({ value: device.deviceId, label: `${device.name}, ${device.customerName}` })),
  }[scope];
  return (
    <Select
      label={label}
      required
      searchable
      data={data}
      value={value || null}
      onChange={(chosen) => onChange(chosen ?? "")}
      {...(scope === "device" ? { onSearchChange: (text: string) => setTyped(text.split(",")[0] ?? "") } : {})}
    />
  );
}
