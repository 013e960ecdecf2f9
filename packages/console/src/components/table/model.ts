/** Which rows and cells a table shows: sorting and column choice by TanStack Table. */
import {
  columnVisibilityFeature,
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
  type ColumnDef,
  type RowData,
} from "@tanstack/react-table";
import { useMemo } from "react";
import { useSpeech } from "../../texts/texts.tsx";
import { compareValues, widths, type Column, type Sorting } from "./columns.ts";

const features = tableFeatures({ columnVisibilityFeature, rowSortingFeature, sortedRowModel: createSortedRowModel() });

interface Question<Row> {
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly sorting: Sorting | null;
  /** The rows come sorted. */
  readonly sortedByServer: boolean;
  readonly hidden: ReadonlySet<string>;
  /** Width of the table in CSS pixels. */
  readonly width: number;
}

export interface ShownRow<Row> {
  readonly id: string;
  readonly original: Row;
}

/** The columns that fit and are wanted, and the rows in their order. */
export function useTableModel<Row extends RowData>(
  question: Question<Row>,
): { columns: readonly Column<Row>[]; rows: readonly ShownRow<Row>[] } {
  const { columns, rows, rowKey, sorting, sortedByServer, hidden, width } = question;
  const { language } = useSpeech();
  const definitions = useMemo(
    () =>
      columns.map((column): ColumnDef<typeof features, Row> => ({
        id: column.id,
        header: column.header,
        accessorFn: (row) => column.value?.(row) ?? undefined,
        sortUndefined: "last",
        sortFn: (one, other, id) => compareValues(one.getValue(id), other.getValue(id), language),
      })),
    [columns, language],
  );
  const table = useTable({
    features,
    columns: definitions,
    data: rows,
    getRowId: rowKey,
    manualSorting: sortedByServer,
    state: {
      sorting: sorting ? [{ id: sorting.id, desc: sorting.desc }] : [],
      columnVisibility: Object.fromEntries(
        columns.map((column) => [column.id, !hidden.has(column.id) && width >= widths[column.from ?? "always"]]),
      ),
    },
  });
  const byId = new Map(columns.map((column) => [column.id, column]));
  return { columns: table.getVisibleLeafColumns().map((column) => byId.get(column.id)!), rows: table.getRowModel().rows };
}
