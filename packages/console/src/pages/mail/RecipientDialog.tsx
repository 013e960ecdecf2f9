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
import { serverCheckId } from "@hauswart/protocol/server-findings.ts";
import { siteCheckId } from "@hauswart/protocol/site-findings.ts";
import { topics, type Topic } from "@hauswart/protocol/topics.ts";
import { useSpeech } from "../../texts/texts.tsx";

const severities = ["warning", "failure"] as const;
const channels = ["mail", "teams", "ntfy", "push"] as const;
type Channel = (typeof channels)[number];

export function RecipientDialog({ onClose }: { onClose: () => void }) {
  const { texts, checkTexts, language: own } = useSpeech();
  const [address, setAddress] = useState("");
  const [customerId, setCustomerId] = useState<string | null>(useScope() ?? null);
  const [siteId, setSiteId] = useState<string | null>(null);
  const [language, setLanguage] = useState(own);
  const [fromSeverity, setFromSeverity] = useState<(typeof severities)[number]>("warning");
  const [checks, setChecks] = useState<string[]>([]);
  const [recoveries, setRecoveries] = useState(true);
  const [channel, setChannel] = useState<Channel>("mail");
  const [accountId, setAccountId] = useState<string | null>(null);
  const [token, setToken] = useState("");
  const [chosenTopics, setChosenTopics] = useState<Topic[]>([]);
  const [quiet, setQuiet] = useState(false);
  const [quietExcept, setQuietExcept] = useState(true);
  const [onCallOnly, setOnCallOnly] = useState(false);
  const people = useQuery({ ...query("listAccounts"), retry: false });
  const customers = useCustomers();
  const sites = useSites(customerId ?? undefined);
  const known = useQuery({ ...query("listChecks"), staleTime: 600_000 });
  const create = useChange("createRecipient", {
    touches: ["listRecipients"],
    quiet: true,
    message: (made) => texts.recipients.added(made.address),
    onDone: onClose,
  });
  const submit = () =>
    create.mutate({
      body: {
        address: address.trim(),
        customerId,
        siteId,
        language,
        fromSeverity,
        topics: chosenTopics.length === 0 ? null : chosenTopics,
        checks: checks.length === 0 ? null : checks,
        recoveries,
        channel,
        accountId,
        quiet,
        quietExcept: quietExcept ? "failure" : null,
        onCallOnly: accountId !== null && onCallOnly,
        ...(channel === "ntfy" && token ? { token } : {}),
      },
    });
  return (
    <FormDialog
      title={texts.recipients.add}
      action={texts.recipients.add}
      error={create.error}
      isPending={create.isPending}
      isIncomplete={channel === "push" ? accountId === null : channel === "mail" ? !address.includes("@") : !/^https?:\/\/./.test(address)}
      onSubmit={submit}
      onClose={onClose}
    >
      {channel !== "push" && (
        <TextInput
          type={channel === "mail" ? "email" : "url"}
          label={texts.routing.addressOf[channel]}
          description={texts.routing.addressHelp[channel]}
          required
          maxLength={1_000}
          value={address}
          onChange={(event) => setAddress(event.currentTarget.value)}
          data-autofocus
        />
      )}
      <Select
        label={texts.routing.channel}
        allowDeselect={false}
        data={channels.map((one) => ({ value: one, label: texts.routing.channels[one] }))}
        value={channel}
        onChange={(chosen) => setChannel(channels.find((one) => one === chosen) ?? channel)}
      />
      {channel === "ntfy" && (
        <TextInput label={texts.routing.token} value={token} maxLength={500} onChange={(event) => setToken(event.currentTarget.value)} />
      )}
      {people.data && (
        <Select
          label={texts.routing.person}
          description={channel === "push" ? texts.routing.addressHelp.push : undefined}
          clearable
          data={people.data.items.map((person) => ({ value: person.accountId, label: person.name }))}
          value={accountId}
          onChange={setAccountId}
        />
      )}
      <Select
        label={texts.recipients.customer}
        placeholder={texts.recipients.scopeAll}
        clearable
        searchable
        limit={100}
        data={(customers.data ?? []).map((customer) => ({ value: customer.customerId, label: customer.name }))}
        value={customerId}
        onChange={(chosen) => {
          setCustomerId(chosen);
          setSiteId(null);
        }}
      />
      {customerId && (
        <Select
          label={texts.recipients.site}
          placeholder={texts.recipients.allSites}
          clearable
          searchable
          data={(sites.data ?? []).map((site) => ({ value: site.siteId, label: site.name }))}
          value={siteId}
          onChange={setSiteId}
        />
      )}
      <Select
        label={texts.recipients.from}
        allowDeselect={false}
        data={severities.map((one) => ({ value: one, label: texts.recipients.fromSeverity[one] }))}
        value={fromSeverity}
        onChange={(chosen) => setFromSeverity(severities.find((one) => one === chosen) ?? fromSeverity)}
      />
      <MultiSelect
        label={texts.routing.topics}
        placeholder={chosenTopics.length === 0 ? texts.routing.topicsPlaceholder : ""}
        clearable
        data={topics.map((one) => ({ value: one, label: texts.routing.topicNames[one] }))}
        value={chosenTopics}
        onChange={(chosen) => setChosenTopics(topics.filter((one) => chosen.includes(one)))}
      />
      <MultiSelect
        label={texts.recipients.checks}
        placeholder={checks.length === 0 ? texts.recipients.checksPlaceholder : ""}
        clearable
        data={[...(known.data?.items ?? []).map(({ check }) => check), deviceCheckId, siteCheckId, serverCheckId].map((check) => ({
          value: check,
          label: checkTexts(check).name,
        }))}
        value={checks}
        onChange={setChecks}
      />
      <LanguageSelect label={texts.recipients.language} value={language} onChange={setLanguage} />
      <Switch label={texts.recipients.recoveries} checked={recoveries} onChange={(event) => setRecoveries(event.currentTarget.checked)} />
      <Switch label={texts.routing.quiet} checked={quiet} onChange={(event) => setQuiet(event.currentTarget.checked)} />
      {quiet && (
        <Switch label={texts.routing.quietExcept} checked={quietExcept} onChange={(event) => setQuietExcept(event.currentTarget.checked)} />
      )}
      {accountId !== null && (
        <Switch label={texts.routing.onCallOnly} checked={onCallOnly} onChange={(event) => setOnCallOnly(event.currentTarget.checked)} />
      )}
    </FormDialog>
  );
}
