/** Every setting of a check: inherited, or set here. Made from the check's settings schema and the feature's texts. */
import { NumberInput, Select } from "@mantine/core";
import { useState } from "react";
import { writeSetting } from "../../features/evidence.ts";
import { fieldsOf, type Field } from "../../forms/schema.ts";
import { SettingField } from "../../forms/SettingField.tsx";
import { useSpeech } from "../../texts/texts.tsx";
import { DampingRows } from "./DampingRows.tsx";
import type { OtherValue } from "./others.ts";
import styles from "./policies.module.css";
import { Row, type CheckSettingsProps } from "./SettingLine.tsx";

export function CheckSettings({ check, reference, onChange, others }: CheckSettingsProps) {
  const { texts, checkTexts } = useSpeech();
  const about = checkTexts(reference.check);
  const set = (name: string, value: unknown) => {
    const { [name]: _, ...others } = check.settings;
    onChange({ ...check, settings: value === undefined ? others : { ...check.settings, [name]: value } });
  };
  // What is set here stands first, as it was when the check was opened: rows do not jump while somebody edits.
  const [setBefore] = useState(() => new Set(Object.keys(check.settings)));
  const fields = fieldsOf(reference.settingsSchema).toSorted(
    (one, other) => Number(setBefore.has(other.name)) - Number(setBefore.has(one.name)),
  );
  return (
    <div className={styles["settings"]}>
      {reference.fromServer && <p className="dimmed">{texts.policies.fromServer}</p>}
      {fields.map((field) => (
        <SettingRow
          key={field.name}
          field={field}
          label={about.settingLabel(field.name)}
          help={about.settingHelp(field.name) || field.description}
          value={check.settings[field.name]}
          choiceLabel={(choice) => about.choiceLabel(field.name, choice)}
          columnLabel={(column) => about.columnLabel(field.name, column)}
          writeLines={(lines) => about.settingValue(field.name, lines)}
          others={others(check, field.name)}
          onChange={(value) => set(field.name, value)}
        />
      ))}
      <CycleRow check={check} reference={reference} onChange={onChange} others={others} />
      <FailuresRow check={check} reference={reference} onChange={onChange} others={others} />
      <DampingRows check={check} reference={reference} onChange={onChange} others={others} />
    </div>
  );
}

function SettingRow({
  field,
  label,
  help,
  value,
  onChange,
  choiceLabel,
  columnLabel,
  writeLines,
  others,
}: {
  field: Field;
  label: string;
  help: string;
  value: unknown;
  onChange: (value: unknown) => void;
  choiceLabel: (choice: string) => string;
  columnLabel: (column: string) => string;
  writeLines: (lines: unknown) => string;
  others: readonly OtherValue[];
}) {
  const { format } = useSpeech();
  const write = (one: unknown) =>
    field.kind === "choice" && typeof one === "string"
      ? choiceLabel(one)
      : field.kind === "lines"
        ? writeLines(one)
        : writeSetting(field.name, one, format, field.unit);
  const fallback = write(field.fallback);
  const first = { number: 0, integer: 0, flag: false, choice: field.options[0], names: [], text: "", secret: "", lines: [], json: null }[
    field.kind
  ];
  return (
    <Row
      label={label}
      help={help}
      isSet={value !== undefined}
      isWide={field.kind === "lines"}
      fallback={fallback}
      others={others.map((other) => ({ ...other, words: write(other.value) }))}
      onSet={() => onChange(field.fallback ?? first)}
      onUnset={() => onChange(undefined)}
    >
      <SettingField field={field} label={label} value={value} onChange={onChange} choiceLabel={choiceLabel} columnLabel={columnLabel} />
    </Row>
  );
}

const cycles = [60, 300, 900, 1_800, 3_600, 86_400] as const;

function CycleRow({ check, reference, onChange, others }: CheckSettingsProps) {
  const { texts } = useSpeech();
  const name = (seconds: number) => (texts.policies.cycles as Record<string, string>)[String(seconds)] ?? String(seconds);
  return (
    <Row
      label={texts.policies.cycle}
      help={texts.policies.cycleHelp}
      others={others(check, "everySeconds").map((other) => ({ ...other, words: name(Number(other.value)) }))}
      isSet={check.everySeconds !== undefined}
      fallback={name(reference.everySeconds)}
      onSet={() => onChange({ ...check, everySeconds: cycles.find((one) => one === reference.everySeconds) ?? 300 })}
      onUnset={() => onChange({ ...check, everySeconds: undefined, dailyAtHour: undefined })}
    >
      <Select
        aria-label={texts.policies.cycle}
        allowDeselect={false}
        w={160}
        data={cycles.map((seconds) => ({ value: String(seconds), label: name(seconds) }))}
        value={String(check.everySeconds)}
        onChange={(chosen) =>
          onChange({
            ...check,
            everySeconds: cycles.find((one) => String(one) === chosen),
            dailyAtHour: chosen === "86400" ? check.dailyAtHour : undefined,
          })
        }
      />
      {check.everySeconds === 86_400 && (
        <Select
          aria-label={texts.policies.dailyAt}
          allowDeselect={false}
          w={170}
          data={[
            { value: "", label: texts.policies.dailyAtUsualHour },
            ...Array.from({ length: 24 }, (_, hour) => ({ value: String(hour), label: texts.policies.dailyAtHour(hour) })),
          ]}
          value={check.dailyAtHour === undefined ? "" : String(check.dailyAtHour)}
          onChange={(hour) => onChange({ ...check, dailyAtHour: hour ? Number(hour) : undefined })}
        />
      )}
    </Row>
  );
}

function FailuresRow({ check, reference, onChange, others }: CheckSettingsProps) {
  const { texts, format } = useSpeech();
  return (
    <Row
      label={texts.policies.failures}
      help={texts.policies.failuresHelp}
      others={others(check, "failuresBeforeFinding").map((other) => ({ ...other, words: format.number(Number(other.value)) }))}
      isSet={check.failuresBeforeFinding !== undefined}
      fallback={format.number(reference.failuresBeforeFinding)}
      onSet={() => onChange({ ...check, failuresBeforeFinding: reference.failuresBeforeFinding })}
      onUnset={() => onChange({ ...check, failuresBeforeFinding: undefined })}
    >
      <NumberInput
        aria-label={texts.policies.failures}
        min={1}
        max={20}
        allowDecimal={false}
        w={110}
        value={check.failuresBeforeFinding ?? 1}
        onChange={(value) => typeof value === "number" && value >= 1 && onChange({ ...check, failuresBeforeFinding: value })}
      />
    </Row>
  );
}
