/** What can be done with a table as a whole: choose columns, take it along as CSV. */
import { ActionIcon, Menu } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { Check, Columns3 } from "lucide-react";
import { useMemo } from "react";
import type { WholeCsv } from "../../api/csv.ts";
import { useSpeech } from "../../texts/texts.tsx";
import type { Column } from "./columns.ts";
import { csvOf } from "./csv.ts";
import { CsvItems } from "./CsvItems.tsx";

export interface HiddenColumns {
  readonly hidden: ReadonlySet<string>;
  readonly toggle: (id: string) => void;
}

const nothingChosen: Record<string, boolean> = {};

/** By column: whether the reader wants to see it; remembered on this computer. Columns that nobody chose about are not in it. */
export function useChosenColumns(table: string) {
  const [chosen, setChosen] = useLocalStorage<Record<string, boolean>>({
    key: `hauswart-columns-${table}`,
    defaultValue: nothingChosen,
    getInitialValueInEffect: false,
  });
  return [chosen, setChosen] as const;
}

/** The columns that the reader does not want to see. */
export function useHiddenColumns<Row>(table: string, columns: readonly Column<Row>[]): HiddenColumns {
  const [chosen, setChosen] = useChosenColumns(table);
  const hidden = useMemo(
    () => new Set(columns.filter((column) => !(chosen[column.id] ?? !column.optional)).map((column) => column.id)),
    [chosen, columns],
  );
  return { hidden, toggle: (id) => setChosen((before) => ({ ...before, [id]: hidden.has(id) })) };
}

interface Props<Row> {
  readonly id: string;
  readonly columns: readonly Column<Row>[];
  /** Those that are here, as they are sorted. */
  readonly rows: readonly Row[];
  /** More rows exist than are here. */
  readonly hasMore: boolean;
  readonly hidden: HiddenColumns;
  readonly csv: WholeCsv<Row>;
}

export function TableMenu<Row>({ id, columns, rows, hasMore, hidden, csv }: Props<Row>) {
  const { language, texts } = useSpeech();
  const write = async () => {
    const all = hasMore && typeof csv === "function" ? await csv() : rows;
    const written = columns.filter((column) => column.value && !hidden.hidden.has(column.id));
    return csvOf(
      written.map((column) => column.header),
      all.map((row) => written.map((column) => column.value?.(row) ?? null)),
      language,
    );
  };
  return (
    <Menu position="top-end" closeOnItemClick={false}>
      <Menu.Target>
        <ActionIcon aria-label={texts.table.menu}>
          <Columns3 size={15} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{texts.table.columns}</Menu.Label>
        {columns
          .filter((column) => column.header !== "")
          .map((column, index) => {
            const visible = !hidden.hidden.has(column.id);
            return (
              <Menu.CheckboxItem
                key={column.id}
                checked={visible}
                checkIcon={<Check size={13} aria-hidden />}
                disabled={index === 0}
                onChange={() => hidden.toggle(column.id)}
              >
                {column.header}
              </Menu.CheckboxItem>
            );
          })}
        <Menu.Divider />
        <CsvItems id={id} source={typeof csv === "function" ? write : csv} />
      </Menu.Dropdown>
    </Menu>
  );
}
