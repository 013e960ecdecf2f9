/** Head and rows of a table. */
import { ChevronDown, ChevronUp } from "lucide-react";
import { type MouseEvent, type ReactNode } from "react";
import { useTexts } from "../../texts/texts.tsx";
import type { Column, Sorting } from "./columns.ts";
import styles from "./DataTable.module.css";

interface HeadProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly sorting: Sorting | null;
  readonly isSortable: (column: Column<Row>) => boolean;
  readonly onSort: (id: string) => void;
}

export function TableHead<Row>({ columns, sorting, isSortable, onSort }: HeadProps<Row>) {
  return (
    <thead>
      <tr>
        {columns.map((column) => {
          const direction = sorting?.id === column.id ? (sorting.desc ? "descending" : "ascending") : undefined;
          return (
            <th key={column.id} scope="col" data-align={column.align} aria-sort={direction}>
              {isSortable(column) ? (
                <button type="button" onClick={() => onSort(column.id)}>
                  {column.header}
                  {direction === "ascending" && <ChevronUp size={12} aria-hidden />}
                  {direction === "descending" && <ChevronDown size={12} aria-hidden />}
                </button>
              ) : (
                column.header || <span className="visually-hidden">{column.hiddenHeader ?? column.id}</span>
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

interface RowProps<Row> {
  readonly row: Row;
  readonly index: number;
  readonly columns: readonly Column<Row>[];
  readonly isOpen: boolean;
  readonly isCursor: boolean;
  readonly isGone: boolean;
  readonly secondary: ((row: Row) => ReactNode) | undefined;
  readonly onOpen: ((row: Row) => void) | undefined;
}

/** Whether a click means the row: not a link or control in it, not the end of a selection, not a new tab. */
function meansRow(event: MouseEvent): boolean {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return false;
  return !(event.target as Element).closest("a, button, input, label") && window.getSelection()?.toString() === "";
}

export function TableRow<Row>({ row, index, columns, isOpen, isCursor, isGone, secondary, onOpen }: RowProps<Row>) {
  const texts = useTexts();
  return (
    <tr
      aria-rowindex={index + 2}
      data-open={isOpen || undefined}
      data-cursor={isCursor || undefined}
      data-gone={isGone || undefined}
      title={isGone ? texts.table.gone : undefined}
      onClick={(event) => {
        if (onOpen && meansRow(event)) onOpen(row);
      }}
    >
      {columns.map((column) => (
        <td key={column.id} data-align={column.align}>
          {(column.cell ?? column.value)?.(row)}
          {secondary && column.main && <div className={styles["secondary"]}>{secondary(row)}</div>}
        </td>
      ))}
    </tr>
  );
}

/** Room for the rows that are not drawn. */
export function Spacer({ height, span }: { height: number; span: number }) {
  if (height <= 0) return null;
  return (
    <tr aria-hidden="true" className={styles["spacer"]}>
      <td style={{ height }} colSpan={span} />
    </tr>
  );
}
