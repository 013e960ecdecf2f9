/** The sites of a customer. */
import type { Customer, Site } from "@hauswart/protocol/api/models.ts";
import type { RouteName } from "@hauswart/protocol/api/routes.ts";
import { Button, Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Allowed } from "../../app/Allowed.tsx";
import { useChange } from "../../api/change.ts";
import { useChangedFields } from "../../api/changed.ts";
import { query } from "../../api/queries.ts";
import { Moment } from "../../components/Ago.tsx";
import { Confirm } from "../../components/Confirm.tsx";
import { FormDialog } from "../../components/FormDialog.tsx";
import { InheritedTimeZoneSelect } from "../../components/LanguageSelect.tsx";
import { CsvTable } from "../../components/table/CsvTable.tsx";
import { useSpeech, useTexts } from "../../texts/texts.tsx";
import { MaintenanceMenu } from "../maintenance/MaintenanceMenu.tsx";

export function SiteTable({ customer, sites }: { customer: Customer; sites: readonly Site[] }) {
  const texts = useTexts();
  const [edited, setEdited] = useState<Site | null>(null);
  return (
    <>
      <CsvTable
        id="sites"
        label={texts.customers.sites}
        columns={[
          { header: texts.customers.name },
          { header: texts.maintenance.title, width: "230px", from: "sm" },
          { header: texts.customers.devices, width: "120px" },
          { header: texts.customers.timeZone, width: "150px", from: "sm" },
          { header: texts.customers.created, width: "160px", from: "md" },
          { header: texts.customers.edit, width: "100px", isHeaderHidden: true },
        ]}
        rows={sites.map((site) => ({
          key: site.siteId,
          cells: [
            <Link key="name" to="/devices" search={{ customer: site.customerId, site: site.siteId }}>
              {site.name}
            </Link>,
            <SiteMaintenance key="maintenance" site={site} />,
            texts.customers.deviceCount(site.deviceCount),
            site.timeZone ?? <span className="dimmed">{site.effectiveTimeZone}</span>,
            <Moment key="created" at={site.createdAt} />,
            <Allowed key="edit" to="customers:write">
              <Button variant="subtle" size="compact-xs" aria-label={texts.customers.editTitle(site.name)} onClick={() => setEdited(site)}>
                {texts.customers.edit}
              </Button>
            </Allowed>,
          ],
          values: [site.name, site.maintenance?.until ?? null, site.deviceCount, site.effectiveTimeZone, site.createdAt],
        }))}
      />
      {edited && <SiteDialog customer={customer} site={edited} onClose={() => setEdited(null)} />}
    </>
  );
}

/** Whether the site is being worked on, and the way there. */
function SiteMaintenance({ site: { siteId, name, maintenance } }: { site: Site }) {
  const { texts, format } = useSpeech();
  if (!maintenance) return <MaintenanceMenu target={{ scope: "site", scopeId: siteId }} name={name} isSmall />;
  return (
    <Link to="/maintenance" title={texts.maintenance.nowHelp(maintenance.name, maintenance.by)}>
      {texts.maintenance.now(format.dateTime(Date.parse(maintenance.until)))}
    </Link>
  );
}

/** Adds a site, or changes one. */
export function SiteDialog({ customer, site, onClose }: { customer: Customer; site?: Site; onClose: () => void }) {
  const texts = useTexts();
  const { customerId, effectiveTimeZone } = customer;
  const [name, setName] = useState(site?.name ?? "");
  const [timeZone, setTimeZone] = useState(site?.timeZone ?? null);
  const [gatewayDeviceId, setGateway] = useState(site?.gatewayDeviceId ?? null);
  const devices = useQuery({ ...query("listDevices", { query: { siteId: site?.siteId, limit: 500 } }), enabled: site !== undefined });
  const touches = ["listSites", "listDevices", "getDevice"] as const;
  const create = useChange("createSite", { touches, quiet: true, message: (made) => texts.customers.added(made.name), onDone: onClose });
  const change = useChange("changeSite", { touches, quiet: true, onDone: onClose });
  const entered = { name: name.trim(), timeZone, gatewayDeviceId };
  const changes = useChangedFields(entered);
  const title = site ? texts.customers.editTitle(site.name) : texts.customers.addSite;
  return (
    <FormDialog
      title={title}
      action={site ? texts.shell.save : texts.customers.addSite}
      error={create.error ?? change.error}
      isPending={create.isPending || change.isPending}
      isIncomplete={name.trim() === "" || (site !== undefined && Object.keys(changes).length === 0)}
      onSubmit={() =>
        site ? change.mutate({ params: { siteId: site.siteId }, body: changes }) : create.mutate({ body: { customerId, name, timeZone } })
      }
      onClose={onClose}
    >
      <TextInput
        label={texts.customers.siteName}
        required
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <InheritedTimeZoneSelect
        label={texts.customers.timeZone}
        inherited={texts.customers.timeZoneOfCustomer(effectiveTimeZone)}
        value={timeZone}
        onChange={setTimeZone}
      />
      {site && (
        <Select
          label={texts.customers.gateway}
          placeholder={texts.customers.noGateway}
          description={texts.customers.gatewayHelp}
          clearable
          searchable
          data={(devices.data?.items ?? []).map((device) => ({ value: device.deviceId, label: device.name }))}
          value={gatewayDeviceId}
          onChange={setGateway}
        />
      )}
      {site && <DeleteSite site={site} touches={touches} onDone={onClose} />}
    </FormDialog>
  );
}

/** The way to be rid of a site; while devices stand there, what it takes. */
function DeleteSite({ site, touches, onDone }: { site: Site; touches: readonly RouteName[]; onDone: () => void }) {
  const { customers: texts } = useTexts();
  const [isAsking, setAsking] = useState(false);
  const remove = useChange("deleteSite", { touches, message: () => texts.siteDeleted, onDone });
  if (site.deviceCount > 0) return <p className="dimmed">{texts.siteDeleteHelp}</p>;
  return (
    <>
      <Button variant="subtle" style={{ justifySelf: "start" }} onClick={() => setAsking(true)}>
        {texts.siteDelete}
      </Button>
      {isAsking && (
        <Confirm
          title={texts.siteDeleteTitle(site.name)}
          action={texts.siteDeleteDo}
          isPending={remove.isPending}
          onConfirm={() => remove.mutate({ params: { siteId: site.siteId } })}
          onClose={() => setAsking(false)}
        >
          <p>{texts.siteDeleteText}</p>
        </Confirm>
      )}
    </>
  );
}
