/** Settings of the whole installation. */
import type { ResponseOf } from "@hauswart/protocol/api/client.ts";
import { Button, NumberInput, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { useChange } from "../../api/change.ts";
import { query } from "../../api/queries.ts";
import { LanguageSelect, TimeZoneSelect } from "../../components/LanguageSelect.tsx";
import { ErrorNote, Loading } from "../../components/notes.tsx";
import { Page, Section } from "../../components/Page.tsx";
import { useSpeech, useTexts } from "../../texts/texts.tsx";
import styles from "./settings.module.css";

type Settings = ResponseOf<"getSettings">;

export function SettingsPage() {
  const texts = useTexts();
  const { data, error, refetch } = useQuery(query("getSettings"));
  return (
    <Page title={texts.settings.title} narrow>
      {data ? <SettingsForm settings={data} /> : error ? <ErrorNote error={error} onRetry={() => void refetch()} /> : <Loading />}
    </Page>
  );
}

/** A number with its unit behind it, as part of a sentence. */
function Amount({
  label,
  unit,
  value,
  min,
  max,
  onChange,
}: {
  label: string;
  unit: string;
  value: number;
  min: number;
  max: number;
  onChange: (value: number) => void;
}) {
  const { language } = useSpeech();
  return (
    <div className={styles["amount"]}>
      <NumberInput
        label={label}
        decimalSeparator={language === "de" ? "," : "."}
        min={min}
        max={max}
        decimalScale={2}
        w={120}
        value={value}
        onChange={(next) => typeof next === "number" && onChange(next)}
      />
      <span>{unit}</span>
    </div>
  );
}

function SettingsForm({ settings }: { settings: Settings }) {
  const texts = useTexts();
  const [draft, setDraft] = useState(settings);
  const save = useChange("changeSettings", {
    touches: ["getSettings"],
    quiet: true,
    message: () => texts.settings.saved,
    onDone: setDraft,
  });
  const isChanged = JSON.stringify(draft) !== JSON.stringify(settings);
  const set = (change: Partial<Settings>) => setDraft((before) => ({ ...before, ...change }));
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    save.mutate({ body: draft });
  };
  return (
    <form className={styles["form"]} onSubmit={submit}>
      <Section title={texts.settings.general}>
        <div className={styles["fields"]}>
          <TextInput
            label={texts.settings.name}
            required
            maxLength={200}
            value={draft.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          <LanguageSelect label={texts.settings.language} value={draft.language} onChange={(language) => set({ language })} />
          <TimeZoneSelect label={texts.settings.timeZone} value={draft.timeZone} onChange={(timeZone) => set({ timeZone })} />
          <TextInput
            label={texts.settings.mailFrom}
            maxLength={320}
            value={draft.mailFrom}
            onChange={(event) => set({ mailFrom: event.currentTarget.value })}
          />
        </div>
      </Section>
      <Section title={texts.settings.silence}>
        <div className={styles["fields"]}>
          <Amount
            label={texts.settings.serverSilentMinutes}
            unit={texts.settings.minutes}
            min={1}
            max={10_080}
            value={draft.serverSilentMinutes}
            onChange={(serverSilentMinutes) => set({ serverSilentMinutes })}
          />
          <Amount
            label={texts.settings.workstationSilentDays}
            unit={texts.settings.days}
            min={0.01}
            max={365}
            value={draft.workstationSilentDays}
            onChange={(workstationSilentDays) => set({ workstationSilentDays })}
          />
        </div>
      </Section>
      <Section title={texts.settings.retention}>
        <div className={styles["fields"]}>
          <Amount
            label={texts.settings.rawSampleDays}
            unit={texts.settings.daysKept}
            min={1}
            max={400}
            value={draft.rawSampleDays}
            onChange={(rawSampleDays) => set({ rawSampleDays: Math.round(rawSampleDays) })}
          />
          <Amount
            label={texts.settings.rollupMonths}
            unit={texts.settings.monthsKept}
            min={1}
            max={120}
            value={draft.rollupMonths}
            onChange={(rollupMonths) => set({ rollupMonths: Math.round(rollupMonths) })}
          />
        </div>
      </Section>
      {save.error && <ErrorNote error={save.error} />}
      <div>
        <Button type="submit" loading={save.isPending} disabled={!isChanged}>
          {texts.shell.save}
        </Button>
      </div>
    </form>
  );
}
