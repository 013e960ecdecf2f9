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

interface Props {
  readonly label: string;
  readonly columns: readonly PlainColumn[];
  readonly rows: readonly { readonly key: string; readonly cells: readonly ReactNode[] }[];
}

export function PlainTable({ label, columns, rows }: Props) {
  return (
    <div className={styles["frame"]}>
      <table className={styles["table"]} aria-label={label}>
        <colgroup>
          {columns.map((column) => (
            <col key={column.header} style={{ width: column.width }} data-from={column.from} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.header} scope="col" data-align={column.align} data-from={column.from}>
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
                  key={columns[index]!.header}
                  data-align={columns[index]!.align}
                  data-from={columns[index]!.from}
                  data-wraps={columns[index]!.wraps}
                >
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
