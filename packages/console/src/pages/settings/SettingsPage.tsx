/** Settings of the whole installation. */
import type { ResponseOf } from "@hauswart/protocol/api/client.ts";
import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { useChange } from "../../api/change.ts";
import { query } from "../../api/queries.ts";
import { LanguageSelect, TimeZoneSelect } from "../../components/LanguageSelect.tsx";
import { ErrorNote, Loading } from "../../components/notes.tsx";
import { Page, Section } from "../../components/Page.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { mergeSaved } from "../../components/revision/merge.ts";
import { changedOf } from "../../api/changed.ts";
import { useAccount, useMay } from "../../app/session.ts";
import { Amount } from "./Amount.tsx";
import { isShortened, RetentionConfirm, RetentionFields } from "./Retention.tsx";
import { IssuersSection } from "./IssuersSection.tsx";
import { SecondFactorField } from "./SecondFactorField.tsx";
import { SignedInField } from "./SignedInField.tsx";
import styles from "./settings.module.css";

type Settings = ResponseOf<"getSettings">;

export function SettingsPage() {
  const texts = useTexts();
  const mayChange = useMay("settings:write", null);
  // Whoever says which identity providers are believed could sign in as an owner.
  const isOwner = useAccount()?.role === "owner";
  const { data, error, refetch } = useQuery(query("getSettings"));
  return (
    <Page title={texts.settings.title} narrow>
      {data ? (
        <SettingsForm settings={data} mayChange={mayChange} />
      ) : error ? (
        <ErrorNote error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading />
      )}
      {data && <IssuersSection mayChange={isOwner} />}
    </Page>
  );
}

function SettingsForm({ settings, mayChange }: { settings: Settings; mayChange: boolean }) {
  const texts = useTexts();
  const [base, setBase] = useState(settings);
  const [draft, setDraft] = useState(settings);
  const restart = (from: Settings) => {
    setBase(from);
    setDraft(from);
  };
  const save = useChange("changeSettings", {
    touches: ["getSettings"],
    quiet: true,
    message: () => texts.settings.saved,
    onDone: (saved, { body }) => {
      setBase(saved);
      // With what was typed while the answer was under way.
      setDraft((now) => mergeSaved({ ...base, ...body }, now, saved).draft);
    },
  });
  const isChanged = JSON.stringify(draft) !== JSON.stringify(base);
  // What somebody else has saved is followed; what is being changed here stays, and it alone is sent.
  if (!isChanged && JSON.stringify(base) !== JSON.stringify(settings)) restart(settings);
  const set = (change: Partial<Settings>) => setDraft((before) => ({ ...before, ...change }));
  const [isAsking, setAsking] = useState(false);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (isShortened(draft, base)) setAsking(true);
    else save.mutate({ body: changedOf(base, draft) });
  };
  const confirm = () => {
    setAsking(false);
    save.mutate({ body: changedOf(base, draft) });
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
      <Section title={texts.signInSettings.title}>
        <div className={styles["fields"]}>
          <SecondFactorField value={draft.secondFactor} onChange={(secondFactor) => set({ secondFactor })} />
        </div>
      </Section>
      <SignedInField value={draft.asksSignedIn} onChange={(asksSignedIn) => set({ asksSignedIn })} />
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
      <Section title={texts.settings.retention} note={texts.settings.retentionNote}>
        <div className={styles["fields"]}>
          <RetentionFields draft={draft} onChange={set} />
        </div>
      </Section>
      {isAsking && <RetentionConfirm draft={draft} before={base} onConfirm={confirm} onClose={() => setAsking(false)} />}
      {save.error && <ErrorNote error={save.error} />}
      <div>
        {mayChange ? (
          <Button type="submit" loading={save.isPending} disabled={!isChanged}>
            {texts.shell.save}
          </Button>
        ) : (
          <p className="dimmed">{texts.settings.mayNot}</p>
        )}
      </div>
    </form>
  );
}
