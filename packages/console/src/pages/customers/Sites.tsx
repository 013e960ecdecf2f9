/** The sites of a customer. */
import type { Customer, Site } from "@hauswart/protocol/api/models.ts";
import { Button, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Allowed } from "../../app/Allowed.tsx";
import { useChange } from "../../api/change.ts";
import { Moment } from "../../components/Ago.tsx";
import { FormDialog } from "../../components/FormDialog.tsx";
import { InheritedTimeZoneSelect } from "../../components/LanguageSelect.tsx";
import { PlainTable } from "../../components/PlainTable.tsx";
import { useTexts } from "../../texts/texts.tsx";

export function SiteTable({ customer, sites }: { customer: Customer; sites: readonly Site[] }) {
  const texts = useTexts();
  const [edited, setEdited] = useState<Site | null>(null);
  return (
    <>
      <PlainTable
        label={texts.customers.sites}
        columns={[
          { header: texts.customers.name },
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
            texts.customers.deviceCount(site.deviceCount),
            site.timeZone ?? <span className="dimmed">{site.effectiveTimeZone}</span>,
            <Moment key="created" at={site.createdAt} />,
            <Allowed key="edit" to="customers:write">
              <Button variant="subtle" size="compact-xs" aria-label={texts.customers.editTitle(site.name)} onClick={() => setEdited(site)}>
                {texts.customers.edit}
              </Button>
            </Allowed>,
          ],
        }))}
      />
      {edited && <SiteDialog customer={customer} site={edited} onClose={() => setEdited(null)} />}
    </>
  );
}

/** Adds a site, or changes one. */
export function SiteDialog({ customer, site, onClose }: { customer: Customer; site?: Site; onClose: () => void }) {
  const texts = useTexts();
  const { customerId, effectiveTimeZone } = customer;
  const [name, setName] = useState(site?.name ?? "");
  const [timeZone, setTimeZone] = useState(site?.timeZone ?? null);
  const touches = ["listSites", "listDevices"] as const;
  const create = useChange("createSite", { touches, quiet: true, message: (made) => texts.customers.added(made.name), onDone: onClose });
  const change = useChange("changeSite", { touches, quiet: true, onDone: onClose });
  const title = site ? texts.customers.editTitle(site.name) : texts.customers.addSite;
  return (
    <FormDialog
      title={title}
      action={site ? texts.shell.save : texts.customers.addSite}
      error={create.error ?? change.error}
      isPending={create.isPending || change.isPending}
      isIncomplete={name.trim() === ""}
      onSubmit={() =>
        site
          ? change.mutate({ params: { siteId: site.siteId }, body: { name, timeZone } })
          : create.mutate({ body: { customerId, name, timeZone } })
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
    </FormDialog>
  );
}
