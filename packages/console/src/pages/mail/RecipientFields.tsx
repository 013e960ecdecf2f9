/** The fields of a recipient: how and whom, of which places, about what, in which language and when. */
import type { Recipient } from "@hauswart/protocol/api/routing.ts";
import { deviceCheckId } from "@hauswart/protocol/device-findings.ts";
import { serverCheckId } from "@hauswart/protocol/server-findings.ts";
import { siteCheckId } from "@hauswart/protocol/site-findings.ts";
import { topics } from "@hauswart/protocol/topics.ts";
import { Checkbox, MultiSelect, Select, Switch, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { query } from "../../api/queries.ts";
import { useSites } from "../../app/customers.ts";
import { OwnerSelect } from "../../components/OwnerSelect.tsx";
import { LanguageSelect } from "../../components/LanguageSelect.tsx";
import { useSpeech, useTexts } from "../../texts/texts.tsx";
import { channels, severities, type Draft } from "./recipient-draft.ts";

interface FieldsProps {
  readonly draft: Draft;
  readonly set: (change: Partial<Draft>) => void;
  /** The recipient that is changed, as it was saved. */
  readonly kept?: Recipient | undefined;
}

export function RecipientFields(props: FieldsProps) {
  return (
    <>
      <WayFields {...props} />
      <PlaceFields {...props} />
      <AboutFields {...props} />
      <WhenFields {...props} />
    </>
  );
}

/** How, and whom. */
function WayFields({ draft: { channel, address, token, dropsToken, accountId, reachable }, set, kept }: FieldsProps) {
  const { texts, format } = useSpeech();
  const keepsWorkflow = channel === "teams" && kept?.channel === "teams";
  const keepsToken = kept?.hasToken === true && kept.channel === "ntfy";
  const people = useQuery({ ...query("listAccounts"), retry: false });
  return (
    <>
      {channel !== "push" && (
        <TextInput
          type={channel === "mail" ? "email" : "url"}
          label={texts.routing.addressOf[channel]}
          description={keepsWorkflow ? texts.recipients.workflowKept(kept.address) : texts.routing.addressHelp[channel]}
          required={!keepsWorkflow}
          maxLength={1_000}
          value={address}
          onChange={(event) => set({ address: event.currentTarget.value })}
          data-autofocus
        />
      )}
      <Select
        label={texts.routing.channel}
        allowDeselect={false}
        data={channels.map((one) => ({ value: one, label: texts.routing.channels[one] }))}
        value={channel}
        onChange={(chosen) => set({ channel: channels.find((one) => one === chosen) ?? channel })}
      />
      {channel === "ntfy" && (
        <TextInput
          label={texts.routing.token}
          description={keepsToken ? texts.recipients.tokenKept : undefined}
          autoComplete="off"
          value={token}
          maxLength={500}
          onChange={(event) => set({ token: event.currentTarget.value })}
        />
      )}
      {channel === "ntfy" && keepsToken && (
        <Checkbox
          label={texts.recipients.tokenDropped}
          checked={dropsToken}
          onChange={(event) => set({ dropsToken: event.currentTarget.checked })}
        />
      )}
      {kept?.unreachable && channel === kept.channel && address === kept.address && (
        <Checkbox
          label={texts.recipients.reachable}
          description={texts.routing.unreachable(format.dateTime(Date.parse(kept.unreachable.since)), kept.unreachable.reason)}
          checked={reachable}
          onChange={(event) => set({ reachable: event.currentTarget.checked })}
        />
      )}
      {people.data && (
        <Select
          label={texts.routing.person}
          placeholder={texts.routing.noPerson}
          description={channel === "push" ? texts.routing.addressHelp.push : undefined}
          clearable
          data={people.data.items.map((person) => ({ value: person.accountId, label: person.name }))}
          value={accountId}
          onChange={(chosen) => set({ accountId: chosen })}
        />
      )}
    </>
  );
}

/** Of which places. */
function PlaceFields({ draft: { customerId, siteId }, set }: FieldsProps) {
  const texts = useTexts();
  const sites = useSites(customerId ?? undefined);
  return (
    <>
      <OwnerSelect
        to="mail:write"
        label={texts.recipients.customer}
        all={texts.recipients.scopeAll}
        value={customerId}
        onChange={(chosen) => set({ customerId: chosen, siteId: null })}
      />
      {customerId && (
        <Select
          label={texts.recipients.site}
          placeholder={texts.recipients.allSites}
          clearable
          searchable
          data={(sites.data ?? []).map((site) => ({ value: site.siteId, label: site.name }))}
          value={siteId}
          onChange={(chosen) => set({ siteId: chosen })}
        />
      )}
    </>
  );
}

/** About what. */
function AboutFields({ draft: { fromSeverity, topics: chosenTopics, checks }, set }: FieldsProps) {
  const { texts, checkTexts } = useSpeech();
  const known = useQuery({ ...query("listChecks"), staleTime: 600_000 });
  return (
    <>
      <Select
        label={texts.recipients.from}
        allowDeselect={false}
        data={severities.map((one) => ({ value: one, label: texts.recipients.fromSeverity[one] }))}
        value={fromSeverity}
        onChange={(chosen) => set({ fromSeverity: severities.find((one) => one === chosen) ?? fromSeverity })}
      />
      <MultiSelect
        label={texts.routing.topics}
        placeholder={chosenTopics.length === 0 ? texts.routing.topicsPlaceholder : ""}
        clearable
        data={topics.map((one) => ({ value: one, label: texts.routing.topicNames[one] }))}
        value={[...chosenTopics]}
        onChange={(chosen) => set({ topics: topics.filter((one) => chosen.includes(one)) })}
      />
      <MultiSelect
        label={texts.recipients.checks}
        placeholder={checks.length === 0 ? texts.recipients.checksPlaceholder : ""}
        clearable
        data={[...(known.data?.items ?? []).map(({ check }) => check), deviceCheckId, siteCheckId, serverCheckId].map((check) => ({
          value: check,
          label: checkTexts(check).name,
        }))}
        value={[...checks]}
        onChange={(chosen) => set({ checks: chosen })}
      />
    </>
  );
}

/** In which language, and when. */
function WhenFields({ draft: { language, recoveries, quiet, quietExcept, accountId, onCallOnly }, set }: FieldsProps) {
  const texts = useTexts();
  return (
    <>
      <LanguageSelect label={texts.recipients.language} value={language} onChange={(chosen) => set({ language: chosen })} />
      <Switch
        label={texts.recipients.recoveries}
        checked={recoveries}
        onChange={(event) => set({ recoveries: event.currentTarget.checked })}
      />
      <Switch label={texts.routing.quiet} checked={quiet} onChange={(event) => set({ quiet: event.currentTarget.checked })} />
      {quiet && (
        <Switch
          label={texts.routing.quietExcept}
          checked={quietExcept}
          onChange={(event) => set({ quietExcept: event.currentTarget.checked })}
        />
      )}
      {accountId !== null && (
        <Switch
          label={texts.routing.onCallOnly}
          checked={onCallOnly}
          onChange={(event) => set({ onCallOnly: event.currentTarget.checked })}
        />
      )}
    </>
  );
}
