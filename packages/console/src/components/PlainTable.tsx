/** A short table without scrolling of its own. Columns that give way on narrow screens say so by `from`. */
import type { ReactNode } from "react";
import styles from "./PlainTable.module.css";

export interface PlainColumn {
  readonly header: string;
  readonly width?: string;
  readonly align?: "end";
  /** Long texts get more lines instead of an ellipsis. */
  readonly wraps?: boolean;
  /** What the buttons of the column say anyway; for screen readers only. */
  readonly isHeaderHidden?: boolean;
  /** Hidden below this width of the table. */
  readonly from?: "sm" | "md" | "lg";
}

export interface PlainTableProps {
  readonly label: string;
  readonly columns: readonly PlainColumn[];
  readonly rows: readonly { readonly key: string; readonly cells: readonly ReactNode[] }[];
  /** On narrow screens each row becomes a block with a line for each column: for several columns of long texts. */
  readonly stacks?: boolean;
}

/** Columns are known by their place, not by their words: a dialog that a cell has opened stays when the language changes. */
export function PlainTable({ label, columns, rows, stacks = false }: PlainTableProps) {
  return (
    <div className={styles["frame"]}>
      <table className={styles["table"]} aria-label={label} data-stacks={stacks || undefined}>
        <colgroup>
          {columns.map((column, index) => (
            <col key={index} style={{ width: column.width }} data-from={column.from} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {columns.map((column, index) => (
              <th key={index} scope="col" data-align={column.align} data-from={column.from}>
                {column.isHeaderHidden ? <span className="visually-hidden">{column.header}</span> : column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              {row.cells.map((cell, index) => (
                <td
                  key={index}
                  data-align={columns[index]!.align}
                  data-from={columns[index]!.from}
                  data-label={columns[index]!.isHeaderHidden ? undefined : columns[index]!.header}
                  data-wraps={columns[index]!.wraps}
                >
                  {stacks ? <div>{cell}</div> : cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
