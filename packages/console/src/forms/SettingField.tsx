/** One setting as a control, by its kind and unit. */
import { JsonInput, NumberInput, PasswordInput, Select, Switch, TagsInput, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { secretIdOf } from "@hauswart/protocol/secret-settings.ts";
import { wordsOf } from "../features/check-texts.ts";
import { useSpeech } from "../texts/texts.tsx";
import { LinesField } from "./LinesField.tsx";
import styles from "./SettingField.module.css";
import { separators } from "./separators.ts";
import { useTyped } from "./typed.ts";
import { byteUnitOf, byteUnits, type ByteUnit, type Field } from "./schema.ts";

interface Props {
  readonly field: Field;
  /** Says what it is, for screen readers; the visible label stands beside. */
  readonly label: string;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  /** What the values are called of a setting that is one of several. */
  readonly choiceLabel?: (choice: string) => string;
  /** What the columns are called of a setting that is a table. */
  readonly columnLabel?: (column: string) => string;
}

export function SettingField({ field, label, value, onChange, choiceLabel = wordsOf, columnLabel = wordsOf }: Props) {
  const { texts } = useSpeech();
  switch (field.kind) {
    case "flag":
      return <Switch aria-label={label} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />;
    case "choice":
      return (
        <Select
          aria-label={label}
          allowDeselect={false}
          data={field.options.map((one) => ({ value: one, label: choiceLabel(one) }))}
          value={String(value)}
          onChange={(chosen) => chosen !== null && onChange(chosen)}
          w={320}
        />
      );
    case "names":
      return (
        <TagsInput
          aria-label={label}
          placeholder={texts.policies.namesPlaceholder}
          // A comma may be part of what is entered.
          splitChars={[]}
          value={Array.isArray(value) ? value.map(String) : []}
          onChange={onChange}
          w={320}
        />
      );
    case "text":
      return <TextField field={field} label={label} value={value} onChange={onChange} />;
    case "secret":
      return <SecretField field={field} label={label} value={value} onChange={onChange} />;
    case "lines":
      return <LinesField columns={field.columns ?? []} label={label} value={value} onChange={onChange} columnLabel={columnLabel} />;
    case "json":
      return <JsonField label={label} value={value} onChange={onChange} />;
    default:
      return field.unit === "bytes" ? (
        <BytesField field={field} label={label} value={value} onChange={onChange} />
      ) : (
        <NumberField field={field} label={label} value={value} onChange={onChange} />
      );
  }
}

function NumberField({ field, label, value, onChange }: Props) {
  const { texts, language, format } = useSpeech();
  const unit = (texts.policies.units as Record<string, string>)[field.unit] ?? field.unit;
  return (
    <span className={styles["amount"]}>
      <NumberInput
        aria-label={label}
        {...separators[language]}
        min={field.minimum}
        max={field.maximum}
        allowDecimal={field.kind === "number"}
        decimalScale={2}
        value={typeof value === "number" ? value : ""}
        onChange={(next) => typeof next === "number" && onChange(next)}
        w={110}
      />
      {unit && <span className="dimmed">{unit}</span>}
      {field.maximum !== undefined && (
        <span className="dimmed">{texts.policies.range(format.number(field.minimum ?? 0), format.number(field.maximum))}</span>
      )}
    </span>
  );
}

function BytesField({ field, label, value, onChange }: Props) {
  const { language } = useSpeech();
  const bytes = typeof value === "number" ? value : 0;
  const [unit, setUnit] = useState<ByteUnit>(byteUnitOf(bytes));
  const size = byteUnits.find(([name]) => name === unit)![1];
  return (
    <span className={styles["amount"]}>
      <NumberInput
        aria-label={label}
        {...separators[language]}
        min={0}
        max={field.maximum === undefined ? undefined : field.maximum / size}
        decimalScale={2}
        value={bytes / size}
        onChange={(next) => typeof next === "number" && onChange(Math.round(next * size))}
        w={110}
      />
      <Select
        aria-label={`${label}: ${unit}`}
        allowDeselect={false}
        w={74}
        data={byteUnits.map(([name]) => name)}
        value={unit}
        onChange={(chosen) => {
          const next = byteUnits.find(([name]) => name === chosen);
          if (!next) return;
          setUnit(next[0]);
          onChange(Math.round((bytes / size) * next[1]));
        }}
      />
    </span>
  );
}

/** What may be longer than this is written in several lines: certificates, for example. */
const longestLine = 1_000;

function TextField({ field, label, value, onChange }: Props) {
  const shared = { "aria-label": label, value: typeof value === "string" ? value : "", maxLength: field.longest };
  return field.longest !== undefined && field.longest > longestLine ? (
    <Textarea {...shared} autosize minRows={2} maxRows={8} w={420} onChange={(event) => onChange(event.currentTarget.value)} />
  ) : (
    <TextInput {...shared} w={320} onChange={(event) => onChange(event.currentTarget.value)} />
  );
}

/** What is set is not shown to anybody; it stays until something else is typed. */
function SecretField({ field, label, value, onChange }: Props) {
  const { texts } = useSpeech();
  const isSet = secretIdOf(value) !== undefined;
  return (
    <PasswordInput
      aria-label={label}
      autoComplete="new-password"
      maxLength={field.longest}
      placeholder={isSet ? texts.policies.secretKept : texts.policies.secretMissing}
      value={typeof value === "string" && !isSet ? value : ""}
      onChange={(event) => onChange(event.currentTarget.value)}
      w={320}
    />
  );
}

/** Text that becomes a value once it is valid JSON. */
function JsonField({ label, value, onChange }: Omit<Props, "field">) {
  const { texts } = useSpeech();
  const [text, setText] = useTyped(value, (given) => JSON.stringify(given, null, 2) ?? "");
  const change = (next: string) => {
    try {
      const parsed: unknown = JSON.parse(next);
      setText(next, parsed);
      onChange(parsed);
    } catch {
      // Half-typed; the field says so when it is left.
      setText(next, value);
    }
  };
  return (
    <JsonInput
      aria-label={label}
      description={texts.policies.ofOtherKind}
      validationError={texts.policies.jsonBroken}
      autosize
      minRows={2}
      maxRows={12}
      size="xs"
      value={text}
      onChange={change}
      w={420}
    />
  );
}
