/** Changes what a customer was promised about alarms. */
import type { CustomerTerms } from "@hauswart/protocol/api/customer-terms.ts";
import type { Language } from "@hauswart/protocol/format.ts";
import { Checkbox, NumberInput, SegmentedControl, Select, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useChange } from "../../api/change.ts";
import { useChangedFields } from "../../api/changed.ts";
import { FormDialog } from "../../components/FormDialog.tsx";
import { LanguageSelect } from "../../components/LanguageSelect.tsx";
import { useTexts } from "../../texts/texts.tsx";
import styles from "../care/care.module.css";
import { draftOf, isWhole, termsOf, type PromisesDraft } from "./promises-draft.ts";

interface Props {
  readonly customerId: string;
  readonly terms: CustomerTerms;
  readonly onClose: () => void;
}

export function PromisesDialog({ customerId, terms, onClose }: Props) {
  const texts = useTexts();
  const [draft, setDraft] = useState(() => draftOf(terms));
  const set = (change: Partial<PromisesDraft>) => setDraft((before) => ({ ...before, ...change }));
  const entered = termsOf(draft);
  const changes = useChangedFields(entered);
  const change = useChange("changeCustomerTerms", {
    touches: ["getCustomerTerms", "listDueContacts"],
    quiet: true,
    message: () => texts.care.saved,
    onDone: onClose,
  });
  return (
    <FormDialog
      title={texts.care.promises}
      action={texts.shell.save}
      error={change.error}
      isPending={change.isPending}
      isIncomplete={!isWhole(draft) || Object.keys(changes).length === 0}
      onSubmit={() => change.mutate({ params: { customerId }, body: changes })}
      onClose={onClose}
    >
      <Select
        label={texts.care.alarms}
        description={texts.care.alarmsHelp}
        allowDeselect={false}
        data={alarmKinds.map((kind) => ({ value: kind, label: texts.care.alarmKinds[kind] }))}
        value={draft.alarms}
        onChange={(chosen) => set({ alarms: alarmKinds.find((kind) => kind === chosen) ?? draft.alarms })}
      />
      <RepairFields draft={draft} set={set} />
      <ContactFields draft={draft} set={set} />
      <DailyFields draft={draft} set={set} />
      <Checkbox
        label={`${texts.drills.monthly}: ${texts.drills.monthlyOn}`}
        description={texts.drills.monthlyHelp}
        checked={draft.alarmDrill}
        onChange={(event) => set({ alarmDrill: event.currentTarget.checked })}
      />
    </FormDialog>
  );
}

interface FieldsProps {
  readonly draft: PromisesDraft;
  readonly set: (change: Partial<PromisesDraft>) => void;
}

const alarmKinds = ["always", "ordered", "not-ordered"] as const;
const repairKinds = ["included", "hourly", "quote", "off"] as const;
const steps = [1, 5, 15, 30, 60] as const;

function RepairFields({ draft, set }: FieldsProps) {
  const texts = useTexts();
  return (
    <fieldset className={styles["group"]}>
      <legend>{texts.care.repair}</legend>
      <Select
        aria-label={texts.care.repair}
        description={texts.care.repairHelp}
        allowDeselect={false}
        data={repairKinds.map((kind) => ({ value: kind, label: texts.care.repairKinds[kind] }))}
        value={draft.repair}
        onChange={(chosen) => set({ repair: repairKinds.find((kind) => kind === chosen) ?? draft.repair })}
      />
      {draft.repair === "hourly" && (
        <div className={styles["pair"]}>
          <NumberInput
            label={texts.care.rate}
            description={texts.care.rateHelp}
            min={0}
            max={100_000}
            decimalScale={2}
            fixedDecimalScale
            decimalSeparator=","
            value={draft.rate}
            onChange={(rate) => set({ rate })}
          />
          <TextInput
            label={texts.care.currency}
            maxLength={3}
            value={draft.currency}
            onChange={(event) => set({ currency: event.currentTarget.value.toUpperCase() })}
          />
          <Select
            label={texts.care.step}
            allowDeselect={false}
            data={steps.map((minutes) => ({ value: String(minutes), label: texts.care.minutes(minutes) }))}
            value={String(draft.minutesPerStep)}
            onChange={(chosen) => set({ minutesPerStep: Number(chosen ?? draft.minutesPerStep) })}
          />
        </div>
      )}
    </fieldset>
  );
}

function ContactFields({ draft, set }: FieldsProps) {
  const texts = useTexts();
  return (
    <fieldset className={styles["group"]}>
      <legend>{texts.care.contactPromise}</legend>
      <div className={styles["pair"]}>
        <NumberInput
          label={texts.care.contactHours}
          placeholder={texts.care.contactNone}
          min={0}
          max={1_000}
          decimalScale={2}
          value={draft.contactHours}
          onChange={(contactHours) => set({ contactHours })}
        />
        <Select
          label={texts.care.contactFrom}
          allowDeselect={false}
          data={(["failure", "warning"] as const).map((one) => ({ value: one, label: texts.care.contactFroms[one] }))}
          value={draft.contactFrom}
          onChange={(chosen) => set({ contactFrom: chosen === "warning" ? "warning" : "failure" })}
        />
      </div>
    </fieldset>
  );
}

function DailyFields({ draft, set }: FieldsProps) {
  const texts = useTexts();
  return (
    <fieldset className={styles["group"]}>
      <legend>{texts.care.daily}</legend>
      <SegmentedControl
        aria-label={texts.care.daily}
        data={[
          { value: "off", label: texts.care.dailyNone },
          { value: "on", label: texts.care.daily },
        ]}
        value={draft.hasDaily ? "on" : "off"}
        onChange={(chosen) => set({ hasDaily: chosen === "on" })}
      />
      {draft.hasDaily && (
        <>
          <p className="dimmed">{texts.care.dailyHelp}</p>
          <div className={styles["pair"]}>
            <TextInput
              type="time"
              label={texts.care.dailyTime}
              required
              value={draft.dailyAt}
              onChange={(event) => set({ dailyAt: event.currentTarget.value })}
            />
            <LanguageSelect
              label={texts.care.dailyLanguage}
              value={draft.dailyLanguage}
              onChange={(dailyLanguage: Language) => set({ dailyLanguage })}
            />
          </div>
          <Textarea
            label={texts.care.dailyRecipients}
            required
            autosize
            minRows={2}
            maxRows={8}
            value={draft.dailyRecipients}
            onChange={(event) => set({ dailyRecipients: event.currentTarget.value })}
          />
        </>
      )}
    </fieldset>
  );
}
