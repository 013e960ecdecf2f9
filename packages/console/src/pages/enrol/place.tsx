/** The customer and the site that a device belongs to. New ones are added on the way. */
import { Select, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api } from "../../api/client.ts";
import { useMay } from "../../app/session.ts";
import { useCustomers, useScope, useSites } from "../../app/customers.ts";
import { useSpeech, useTexts } from "../../texts/texts.tsx";

/** Value of the choice that adds something new. */
const fresh = "new";

type Sites = readonly { readonly siteId: string }[];

const isAmong = (sites: Sites, id: string | null): boolean => sites.some(({ siteId }) => siteId === id);

/** Where there is nothing to choose from it is clear; null: it is not. */
const firstChoice = (sites: Sites): string | null => (sites.length > 1 ? null : (sites[0]?.siteId ?? fresh));

/** What is chosen; `make` adds what is new and says which site it is. */
export function usePlace() {
  const { language } = useSpeech();
  const client = useQueryClient();
  const customers = useCustomers();
  const [customer, setCustomer] = useState<string | null>(useScope() ?? null);
  const [customerName, setCustomerName] = useState("");
  const sites = useSites(customer && customer !== fresh ? customer : undefined);
  const [site, setSite] = useState<string | null>(null);
  const [siteName, setSiteName] = useState("");

  useEffect(() => {
    if (customers.data?.length === 0) setCustomer(fresh);
    if (customers.data?.length === 1 && customer === null) setCustomer(customers.data[0]!.customerId);
  }, [customers.data, customer]);
  useEffect(() => {
    if (customer === fresh) setSite(fresh);
    // What was chosen stays while news of the sites come in.
    else if (sites.data) setSite((before) => (before === fresh || isAmong(sites.data, before) ? before : firstChoice(sites.data)));
  }, [customer, sites.data]);
  const chooseCustomer = (chosen: string | null) => {
    if (chosen === customer) return;
    setCustomer(chosen);
    setSite(null);
  };

  const make = async (): Promise<string> => {
    const customerId =
      customer === fresh ? (await api("createCustomer", { body: { name: customerName, language } })).customerId : customer!;
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
    return siteId;
  };
  const isComplete =
    (customer === fresh ? customerName.trim() !== "" : customer !== null) && (site === fresh ? siteName.trim() !== "" : site !== null);
  return {
    customers: customers.data ?? [],
    customer,
    setCustomer: chooseCustomer,
    customerName,
    setCustomerName,
    sites: sites.data ?? [],
    site,
    setSite,
    siteName,
    setSiteName,
    make,
    isComplete,
  };
}

export function PlaceFields({ place }: { place: ReturnType<typeof usePlace> }) {
  const texts = useTexts();
  const mayAdd = useMay("customers:write", null);
  const { customers, customer, setCustomer, customerName, setCustomerName, sites, site, setSite, siteName, setSiteName } = place;
  return (
    <>
      <Select
        data-autofocus
        openOnFocus={false}
        label={texts.enrol.customer}
        placeholder={texts.enrol.chooseCustomer}
        searchable
        allowDeselect={false}
        limit={100}
        data={[
          ...customers.map(({ customerId, name }) => ({ value: customerId, label: name })),
          ...(mayAdd ? [{ value: fresh, label: texts.enrol.newCustomer }] : []),
        ]}
        value={customer}
        onChange={setCustomer}
      />
      {customer === fresh && (
        <TextInput
          label={texts.enrol.customerName}
          required
          maxLength={200}
          value={customerName}
          onChange={(event) => setCustomerName(event.currentTarget.value)}
        />
      )}
      <Select
        label={texts.enrol.site}
        placeholder={texts.enrol.chooseSite}
        searchable
        allowDeselect={false}
        disabled={customer === null}
        data={[
          ...(customer === fresh ? [] : sites.map(({ siteId, name }) => ({ value: siteId, label: name }))),
          { value: fresh, label: texts.enrol.newSite },
        ]}
        value={site}
        onChange={setSite}
      />
      {site === fresh && (
        <TextInput
          label={texts.enrol.siteName}
          required
          maxLength={200}
          value={siteName}
          onChange={(event) => setSiteName(event.currentTarget.value)}
        />
      )}
    </>
  );
}
