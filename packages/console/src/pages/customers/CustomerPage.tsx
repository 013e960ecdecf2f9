/** One customer: sites, open enrolments, who gets mails. */
import type { Customer } from "@hauswart/protocol/api/models.ts";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { Allowed } from "../../app/Allowed.tsx";
import { query } from "../../api/queries.ts";
import { useSites } from "../../app/customers.ts";
import { Moment } from "../../components/Ago.tsx";
import { Facts } from "../../components/Facts.tsx";
import { Empty, ErrorNote, Loading } from "../../components/notes.tsx";
import { Columns, Page, Section } from "../../components/Page.tsx";
import { StateCount } from "../../components/StateMark.tsx";
import { signedInTexts } from "../../texts/signed-in.ts";
import { useSpeech, useTexts } from "../../texts/texts.tsx";
import { Rings } from "../agents/Rings.tsx";
import { PlaceCalendars } from "../calendars/PlaceCalendars.tsx";
import { RoundSummary } from "../rounds/RoundSummary.tsx";
import { CustomerData } from "./CustomerData.tsx";
import { CustomerDrills } from "./CustomerDrills.tsx";
import { CustomerPromises } from "./CustomerPromises.tsx";
import { CustomerRecipients } from "./CustomerRecipients.tsx";
import { CustomerDialog } from "./CustomersPage.tsx";
import { OpenTokens } from "./OpenTokens.tsx";
import { SiteDialog, SiteTable } from "./Sites.tsx";

const route = getRouteApi("/app/customers/$customerId");

export function CustomerPage() {
  const texts = useTexts();
  const { customerId } = route.useParams();
  const { data: customer, error, refetch } = useQuery(query("getCustomer", { params: { customerId } }));
  const sites = useSites(customerId);
  const [dialog, setDialog] = useState<"edit" | "site" | null>(null);
  if (!customer)
    return <Page title={texts.customers.title}>{error ? <ErrorNote error={error} onRetry={() => void refetch()} /> : <Loading />}</Page>;
  const close = () => setDialog(null);
  const enrol = (
    <Allowed to="devices:write">
      <Button
        variant="default"
        renderRoot={(props) => <Link to="." search={(before) => ({ ...before, customer: customerId, enrol: "1" })} {...props} />}
      >
        {texts.customers.enrol}
      </Button>
    </Allowed>
  );
  return (
    <Page
      title={customer.name}
      narrow
      actions={
        <>
          {enrol}
          <Allowed to="customers:write">
            <Button variant="default" onClick={() => setDialog("edit")}>
              {texts.customers.edit}
            </Button>
          </Allowed>
        </>
      }
    >
      <CustomerFacts customer={customer} />
      <Columns>
        <div>
          <Section
            title={texts.customers.sites}
            actions={
              (sites.data?.length ?? 0) > 0 && (
                <Allowed to="customers:write">
                  <Button variant="default" onClick={() => setDialog("site")}>
                    {texts.customers.addSite}
                  </Button>
                </Allowed>
              )
            }
          >
            {sites.data?.length === 0 ? (
              <Empty
                title={texts.customers.noSites}
                action={
                  <Allowed to="customers:write">
                    <Button onClick={() => setDialog("site")}>{texts.customers.addSite}</Button>
                  </Allowed>
                }
              >
                {texts.customers.noSitesHelp}
              </Empty>
            ) : (
              <SiteTable customer={customer} sites={sites.data ?? []} />
            )}
          </Section>
          <RoundSummary customerId={customerId} days={5} />
          <CustomerPromises customerId={customerId} />
          <CustomerDrills customerId={customerId} />
        </div>
        <div>
          <CustomerRecipients customerId={customerId} />
          <PlaceCalendars customer={customer} sites={sites.data ?? []} />
          {(sites.data?.length ?? 0) > 0 && <Rings customer={customer} sites={sites.data ?? []} />}
          <Allowed to="devices:write">
            <OpenTokens customerId={customerId} sites={sites.data ?? []} />
          </Allowed>
          <Allowed to="settings:write" of={null}>
            <CustomerData customer={customer} />
          </Allowed>
        </div>
      </Columns>
      {dialog === "edit" && <CustomerDialog customer={customer} onClose={close} onDone={close} />}
      {dialog === "site" && <SiteDialog customer={customer} onClose={close} />}
    </Page>
  );
}

function CustomerFacts({ customer }: { customer: Customer }) {
  const { texts, language } = useSpeech();
  const words = signedInTexts[language].setting;
  const { customerId, openFindings } = customer;
  return (
    <Facts
      wide
      facts={[
        {
          name: texts.customers.devices,
          value: (
            <Link to="/devices" search={{ customer: customerId }}>
              {texts.customers.deviceCount(customer.deviceCount)}
            </Link>
          ),
        },
        {
          name: texts.customers.findings,
          value: (
            <Link to="/findings" search={{ customer: customerId }} style={{ display: "inline-flex", gap: 12 }}>
              {openFindings.failure + openFindings.warning === 0 ? texts.findings.none : null}
              <StateCount state="failure" count={openFindings.failure} />
              <StateCount state="warning" count={openFindings.warning} />
            </Link>
          ),
        },
        { name: texts.customers.language, value: texts.shell.languages[customer.language] },
        { name: texts.customers.timeZone, value: customer.effectiveTimeZone },
        ...(customer.asksSignedIn ? [] : [{ name: words.title, value: words.customerOff }]),
        { name: texts.customers.created, value: <Moment at={customer.createdAt} /> },
      ]}
    />
  );
}
