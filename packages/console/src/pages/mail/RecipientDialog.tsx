/** Adds a recipient of alarm mails: for whom, from which severity, about which checks. */
import { MultiSelect, Select, Switch, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useChange } from "../../api/change.ts";
import { query } from "../../api/queries.ts";
import { useCustomers, useScope, useSites } from "../../app/customers.ts";
import { FormDialog } from "../../components/FormDialog.tsx";
import { LanguageSelect } from "../../components/LanguageSelect.tsx";
import { deviceCheckId } from "@hauswart/protocol/device-findings.ts";
import type { Language } from "@hauswart/protocol/format.ts";
import { serverCheckId } from "@hauswart/protocol/server-findings.ts";
import { siteCheckId } from "@hauswart/protocol/site-findings.ts";
import { topics, type Topic } from "@hauswart/protocol/topics.ts";
import { useSpeech, useTexts } from "../../texts/texts.tsx";

const severities = ["warning", "failure"] as const;
const channels = ["mail", "teams", "ntfy", "push"] as const;

interface Draft {
  readonly channel: (typeof channels)[number];
  readonly address: string;
  readonly token: string;
  readonly accountId: string | null;
  readonly customerId: string | null;
  readonly siteId: string | null;
  readonly language: Language;
  readonly fromSeverity: (typeof severities)[number];
  readonly topics: readonly Topic[];
  readonly checks: readonly string[];
  readonly recoveries: boolean;
  readonly quiet: boolean;
  readonly quietExcept: boolean;
  readonly onCallOnly: boolean;
}

interface FieldsProps {
  readonly draft: Draft;
  readonly set: (change: Partial<Draft>) => void;
}

function emptyDraft(customerId: string | null, language: Language): Draft {
  return {
    channel: "mail",
    address: "",
    token: "",
    accountId: null,
    customerId,
    siteId: null,
    language,
    fromSeverity: "warning",
    topics: [],
    checks: [],
    recoveries: true,
    quiet: false,
    quietExcept: true,
    onCallOnly: false,
  };
}

/** Whether it can be sent; the server checks it again. */
function isWhole({ channel, address, accountId }: Draft): boolean {
  if (channel === "push") return accountId !== null;
  return channel === "mail" ? address.includes("@") : /^https?:\/\/./.test(address);
}

export function RecipientDialog({ onClose }: { onClose: () => void }) {
  const { texts, language } = useSpeech();
  const scope = useScope() ?? null;
  const [draft, setDraft] = useState(() => emptyDraft(scope, language));
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }));
  const create = useChange("createRecipient", {
    touches: ["listRecipients"],
    quiet: true,
    message: (made) => texts.recipients.added(made.address),
    onDone: onClose,
  });
  const submit = () => {
    const { token, address, accountId, channel, checks, quietExcept, onCallOnly, topics: chosen, ...rest } = draft;
    create.mutate({
      body: {
        ...rest,
        channel,
        accountId,
        address: address.trim(),
        topics: chosen.length === 0 ? null : [...chosen],
        checks: checks.length === 0 ? null : [...checks],
        quietExcept: quietExcept ? "failure" : null,
        onCallOnly: accountId !== null && onCallOnly,
        ...(channel === "ntfy" && token ? { token } : {}),
      },
    });
  };
  return (
    <FormDialog
      title={texts.recipients.add}
      action={texts.recipients.add}
      error={create.error}
      isPending={create.isPending}
      isIncomplete={!isWhole(draft)}
      onSubmit={submit}
      onClose={onClose}
    >
      <WayFields draft={draft} set={set} />
      <PlaceFields draft={draft} set={set} />
      <AboutFields draft={draft} set={set} />
      <WhenFields draft={draft} set={set} />
    </FormDialog>
  );
}

/** How, and whom. */
function WayFields({ draft: { channel, address, token, accountId }, set }: FieldsProps) {
  const texts = useTexts();
  const people = useQuery({ ...query("listAccounts"), retry: false });
  return (
    <>
      {channel !== "push" && (
        <TextInput
          type={channel === "mail" ? "email" : "url"}
          label={texts.routing.addressOf[channel]}
          description={texts.routing.addressHelp[channel]}
          required
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
          value={token}
          maxLength={500}
          onChange={(event) => set({ token: event.currentTarget.value })}
        />
      )}
      {people.data && (
        <Select
          label={texts.routing.person}
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
  const customers = useCustomers();
  const sites = useSites(customerId ?? undefined);
  return (
    <>
      <Select
        label={texts.recipients.customer}
        placeholder={texts.recipients.scopeAll}
        clearable
        searchable
        limit={100}
        data={(customers.data ?? []).map((customer) => ({ value: customer.customerId, label: customer.name }))}
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
