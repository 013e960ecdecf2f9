/** For whom a policy holds. */
import { Button, Select, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useState } from "react";
import { query } from "../../api/queries.ts";
import { useCustomers, useSites } from "../../app/customers.ts";
import { useTexts } from "../../texts/texts.tsx";
import type { Assignment, Draft } from "./draft.ts";
import styles from "./policies.module.css";
import { useAssignmentWords } from "./words.ts";

interface Props {
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
  /** Customer to whom the policy belongs; null: the provider. */
  readonly owner: string | null;
  readonly names: ReadonlyMap<string, string>;
  readonly onName: (key: string, name: string) => void;
}

const scopes = ["provider", "customer", "site", "tag", "device"] as const;
type Scope = Assignment["scope"];

export function Assignments({ draft, onChange, owner, names, onName }: Props) {
  const texts = useTexts();
  const words = useAssignmentWords(names);
  const [scope, setScope] = useState<Scope>(owner === null ? "provider" : "customer");
  const [chosen, setChosen] = useState<{ id: string; name: string } | null>(null);
  const offered = owner === null ? scopes : scopes.filter((one) => one !== "provider" && one !== "tag");
  const scopeId = scope === "provider" ? "" : scope === "customer" && owner !== null ? owner : chosen?.id;
  const isKnown = draft.assignments.some((one) => one.scope === scope && one.scopeId === scopeId);
  const add = () => {
    if (scopeId === undefined) return;
    if (chosen) onName(`${scope} ${scopeId}`, chosen.name);
    onChange({ ...draft, assignments: [...draft.assignments, { scope, scopeId }] });
    setChosen(null);
  };
  const remove = (assignment: Assignment) => onChange({ ...draft, assignments: draft.assignments.filter((one) => one !== assignment) });
  return (
    <div className={styles["assignments"]}>
      {draft.assignments.length === 0 && <p className="dimmed">{texts.policies.noAssignments}</p>}
      <ul className={styles["chips"]}>
        {draft.assignments.map((assignment) => (
          <li key={`${assignment.scope} ${assignment.scopeId}`}>
            {words(assignment)}
            <button type="button" aria-label={texts.policies.removeAssignment(words(assignment))} onClick={() => remove(assignment)}>
              <X size={13} aria-hidden />
            </button>
          </li>
        ))}
      </ul>
      <div className={styles["add"]}>
        <Select
          aria-label={texts.policies.scope}
          allowDeselect={false}
          w={140}
          data={offered.map((one) => ({ value: one, label: texts.policies.scopes[one] }))}
          value={scope}
          onChange={(next) => {
            setScope(offered.find((one) => one === next) ?? scope);
            setChosen(null);
          }}
        />
        <ScopeChoice key={scope} scope={scope} owner={owner} value={chosen} onChange={setChosen} />
        <Button
          variant="default"
          disabled={scopeId === undefined || scopeId === "" ? scope !== "provider" || isKnown : isKnown}
          onClick={add}
        >
          {texts.policies.addAssignment}
        </Button>
      </div>
    </div>
  );
}

interface ChoiceProps {
  readonly scope: Scope;
  readonly owner: string | null;
  readonly value: { id: string; name: string } | null;
  readonly onChange: (chosen: { id: string; name: string } | null) => void;
}

/** Chooses the customer, site, device or tag of the scope. */
function ScopeChoice({ scope, owner, value, onChange }: ChoiceProps) {
  const texts = useTexts();
  if (scope === "tag")
    return (
      <TextInput
        aria-label={texts.policies.scopes.tag}
        placeholder={texts.policies.scopes.tag}
        maxLength={50}
        w={240}
        value={value?.id ?? ""}
        onChange={({ currentTarget }) =>
          onChange(currentTarget.value.trim() === "" ? null : { id: currentTarget.value.trim(), name: currentTarget.value.trim() })
        }
      />
    );
  if (scope === "customer" && owner === null) return <CustomerChoice value={value} onChange={onChange} />;
  if (scope === "site") return <SiteChoice owner={owner} value={value} onChange={onChange} />;
  if (scope === "device") return <DeviceChoice owner={owner} value={value} onChange={onChange} />;
  return null;
}

type ChoiceOf = Pick<ChoiceProps, "value" | "onChange">;

function CustomerChoice({ value, onChange }: ChoiceOf) {
  const texts = useTexts();
  const customers = useCustomers();
  return (
    <Select
      aria-label={texts.policies.scopes.customer}
      placeholder={texts.enrol.chooseCustomer}
      searchable
      limit={100}
      w={240}
      data={(customers.data ?? []).map(({ customerId, name }) => ({ value: customerId, label: name }))}
      value={value?.id ?? null}
      onChange={(id, option) => onChange(id && option ? { id, name: option.label } : null)}
    />
  );
}

function SiteChoice({ owner, value, onChange }: ChoiceOf & { owner: string | null }) {
  const texts = useTexts();
  const [customer, setCustomer] = useState<{ id: string; name: string } | null>(owner ? { id: owner, name: "" } : null);
  const sites = useSites(customer?.id);
  return (
    <>
      {owner === null && <CustomerChoice value={customer} onChange={setCustomer} />}
      <Select
        aria-label={texts.policies.scopes.site}
        placeholder={texts.enrol.chooseSite}
        searchable
        w={200}
        disabled={customer === null}
        data={(sites.data ?? []).map(({ siteId, name }) => ({ value: siteId, label: name }))}
        value={value?.id ?? null}
        onChange={(id, option) =>
          onChange(id && option ? { id, name: customer?.name ? `${customer.name}, ${option.label}` : option.label } : null)
        }
      />
    </>
  );
}

function DeviceChoice({ owner, value, onChange }: ChoiceOf & { owner: string | null }) {
  const texts = useTexts();
  const [input, setInput] = useState("");
  const [search] = useDebouncedValue(input, 150);
  const { data } = useQuery({
    ...query("listDevices", { query: { search: search || undefined, customerId: owner ?? undefined, limit: 50 } }),
    placeholderData: (before) => before,
  });
  const options = (data?.items ?? []).map((device) => ({ value: device.deviceId, label: `${device.name} (${device.customerName})` }));
  const shown =
    value && !options.some((option) => option.value === value.id) ? [{ value: value.id, label: value.name }, ...options] : options;
  return (
    <Select
      aria-label={texts.policies.scopes.device}
      placeholder={texts.devices.search}
      searchable
      w={320}
      data={shown}
      filter={({ options: all }) => all}
      searchValue={input}
      onSearchChange={setInput}
      value={value?.id ?? null}
      onChange={(id, option) => onChange(id && option ? { id, name: option.label } : null)}
      nothingFoundMessage={texts.shell.nothingFound}
    />
  );
}
