/** A setting that is a table: lines of a name and numbers, of which those left empty say nothing. */
import { Button, CloseButton, NumberInput, TextInput } from "@mantine/core";
import { useSpeech } from "../texts/texts.tsx";
import styles from "./SettingField.module.css";
import type { Field } from "./schema.ts";
import { separators } from "./separators.ts";
import { useTyped } from "./typed.ts";

type Line = Readonly<Record<string, unknown>>;

interface Props {
  readonly columns: readonly Field[];
  readonly label: string;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  readonly columnLabel: (column: string) => string;
}

const linesOf = (value: unknown): readonly Line[] =>
  Array.isArray(value) ? value.filter((one): one is Line => typeof one === "object" && one !== null) : [];

export function LinesField({ columns, label, value, onChange, columnLabel }: Props) {
  const { texts } = useSpeech();
  const [about] = columns;
  const nameOf = (line: Line) => {
    const name = about && line[about.name];
    return typeof name === "string" ? name : "";
  };
  // A line that is not named yet is none: it stays here until it is.
  const [lines, setLines] = useTyped(linesOf(value), (given) => (given.length > 0 ? given : [{}]));
  const change = (next: readonly Line[]) => {
    const named = next.filter((line) => nameOf(line) !== "");
    setLines(next, named);
    onChange(named);
  };
  const set = (index: number, name: string, to: unknown) =>
    change(
      lines.map((line, at) => {
        if (at !== index) return line;
        const { [name]: _, ...others } = line;
        return to === "" ? others : { ...others, [name]: to };
      }),
    );
  return (
    <div className={styles["lines"]} role="group" aria-label={label}>
      {lines.map((line, index) => (
        <div key={index} className={styles["line"]} role="group" aria-label={nameOf(line) || `${label} ${index + 1}`}>
          {columns.map((column) => (
            <Cell
              key={column.name}
              column={column}
              label={columnLabel(column.name)}
              value={line[column.name]}
              isMissing={column === about && nameOf(line) === "" && Object.keys(line).length > 0}
              onChange={(to) => set(index, column.name, to)}
            />
          ))}
          <CloseButton aria-label={texts.policies.removeLine(nameOf(line))} onClick={() => change(lines.filter((_, at) => at !== index))} />
        </div>
      ))}
      <Button size="compact-xs" variant="subtle" onClick={() => setLines([...lines, {}], linesOf(value))}>
        {texts.policies.addLine}
      </Button>
    </div>
  );
}

interface CellProps {
  readonly column: Field;
  readonly label: string;
  readonly value: unknown;
  readonly isMissing: boolean;
  readonly onChange: (value: unknown) => void;
}

function Cell({ column, label, value, isMissing, onChange }: CellProps) {
  const { texts, language } = useSpeech();
  if (column.kind === "text")
    return (
      <TextInput
        label={label}
        w={180}
        maxLength={column.longest}
        value={typeof value === "string" ? value : ""}
        error={isMissing && texts.policies.lineNeedsName}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  return (
    <NumberInput
      label={label}
      w={158}
      {...separators[language]}
      min={column.minimum}
      max={column.maximum}
      clampBehavior="strict"
      allowDecimal={column.kind === "number"}
      decimalScale={2}
      placeholder={texts.policies.asForAll}
      value={typeof value === "number" ? value : ""}
      onChange={(next) => onChange(typeof next === "number" ? next : "")}
    />
  );
}
