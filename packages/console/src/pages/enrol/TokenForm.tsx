/** Where the device belongs and what it is; then a token is made. New customers and sites are added on the way. */
import { Button, NumberInput, SegmentedControl, Select, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, type SubmitEvent } from "react";
import { api } from "../../api/client.ts";
import { useCustomers, useScope, useSites } from "../../app/customers.ts";
import { ErrorNote } from "../../components/notes.tsx";
import { useSpeech } from "../../texts/texts.tsx";
import styles from "./enrol.module.css";
import type { Token } from "./EnrolDialog.tsx";

/** Value of the choice that adds something new. */
const fresh = "new";
const roles = ["workstation", "server"] as const;
const validities = ["1", "24", "168"] as const;

export function TokenForm({ onToken, onClose }: { onToken: (token: Token) => void; onClose: () => void }) {
  const { texts, language } = useSpeech();
  const client = useQueryClient();
  const customers = useCustomers();
  const [customer, setCustomer] = useState<string | null>(useScope() ?? null);
  const [customerName, setCustomerName] = useState("");
  const sites = useSites(customer && customer !== fresh ? customer : undefined);
  const [site, setSite] = useState<string | null>(null);
  const [siteName, setSiteName] = useState("");
  const [role, setRole] = useState<(typeof roles)[number]>("workstation");
  const [uses, setUses] = useState<number>(1);
  const [validHours, setValidHours] = useState("24");

  useEffect(() => {
    if (customers.data?.length === 0) setCustomer(fresh);
    if (customers.data?.length === 1 && customer === null) setCustomer(customers.data[0]!.customerId);
  }, [customers.data, customer]);
  useEffect(() => {
    if (customer === fresh || sites.data?.length === 0) setSite(fresh);
    else if (sites.data?.length === 1) setSite(sites.data[0]!.siteId);
    else setSite((before) => (sites.data?.some(({ siteId }) => siteId === before) ? before : null));
  }, [customer, sites.data]);

  const create = useMutation({
    mutationFn: async () => {
      const customerId = customer === fresh ? (await api("createCustomer", { body: { name: customerName, language } })).customerId : customer!;
      if (customer === fresh) {
        // What was made stays made; a second attempt must not make it again.
        await client.invalidateQueries({ queryKey: ["listCustomers"] });
        setCustomer(customerId);
      }
      const siteId = site === fresh ? (await api("createSite", { body: { customerId, name: siteName } })).siteId : site!;
      if (site === fresh) {
        await client.invalidateQueries({ queryKey: ["listSites"] });
        setSite(siteId);
      }
      return api("createEnrolmentToken", { body: { siteId, role, uses, validHours: Number(validHours) } });
    },
    onSuccess: (token) => {
      void client.invalidateQueries({ queryKey: ["listEnrolmentTokens"] });
      onToken(token);
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    create.mutate();
  };
  const isComplete = (customer === fresh ? customerName.trim() !== "" : customer !== null) && (site === fresh ? siteName.trim() !== "" : site !== null);
  return (
    <form className={styles["form"]} onSubmit={submit}>
      <Select
        data-autofocus
        openOnFocus={false}
        label={texts.enrol.customer}
        placeholder={texts.enrol.chooseCustomer}
        searchable
        allowDeselect={false}
        limit={100}
        data={[...(customers.data ?? []).map(({ customerId, name }) => ({ value: customerId, label: name })), { value: fresh, label: texts.enrol.newCustomer }]}
        value={customer}
        onChange={setCustomer}
      />
      {customer === fresh && <TextInput label={texts.enrol.customerName} required maxLength={200} value={customerName} onChange={(event) => setCustomerName(event.currentTarget.value)} />}
      <Select
        label={texts.enrol.site}
        placeholder={texts.enrol.chooseSite}
        searchable
        allowDeselect={false}
        disabled={customer === null}
        data={[...(customer === fresh ? [] : (sites.data ?? []).map(({ siteId, name }) => ({ value: siteId, label: name }))), { value: fresh, label: texts.enrol.newSite }]}
        value={site}
        onChange={setSite}
      />
      {site === fresh && <TextInput label={texts.enrol.siteName} required maxLength={200} value={siteName} onChange={(event) => setSiteName(event.currentTarget.value)} />}
      <div className={styles["choice"]}>
        <span className={styles["label"]} id="enrol-role">
          {texts.enrol.role}
        </span>
        <SegmentedControl aria-labelledby="enrol-role" data={roles.map((one) => ({ value: one, label: texts.enrol.roles[one] }))} value={role} onChange={(chosen) => setRole(roles.find((one) => one === chosen) ?? role)} />
        <span className="dimmed">{texts.enrol.roleHelp}</span>
      </div>
      <div className={styles["pair"]}>
        <NumberInput label={texts.enrol.uses} min={1} max={10_000} allowDecimal={false} value={uses} onChange={(value) => setUses(Number(value) || 1)} />
        <Select label={texts.enrol.validHours} allowDeselect={false} data={validities.map((hours) => ({ value: hours, label: texts.enrol.validFor[hours] }))} value={validHours} onChange={(hours) => setValidHours(hours ?? validHours)} />
      </div>
      {create.error && <ErrorNote error={create.error} />}
      <div className={styles["buttons"]}>
        <Button variant="default" onClick={onClose}>
          {texts.shell.cancel}
        </Button>
        <Button type="submit" loading={create.isPending} disabled={!isComplete}>
          {texts.enrol.create}
        </Button>
      </div>
    </form>
  );
}
