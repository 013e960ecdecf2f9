/**
 * The console's list: head that stays, rows of one height of which only the visible ones are drawn, sorting, column choice,
 * CSV, live rows that do not jump. On a narrow table columns give way and their content moves below the first one.
 */
import type { RowData } from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useRef, type CSSProperties, type ReactNode, type RefObject } from "react";
import type { WholeCsv } from "../../api/csv.ts";
import { usePrinting } from "../printing.ts";
import { useTexts } from "../../texts/texts.tsx";
import { nextSorting, sortingOf, widths, widthsOf, type Column } from "./columns.ts";
import styles from "./DataTable.module.css";
import { focusRow } from "./focus.ts";
import { useTableModel, type ShownRow } from "./model.ts";
import { useWidth } from "../width.ts";
import { useHold, useSteadyRows } from "./steady.ts";
import { Spacer, TableHead, TableRow } from "./parts.tsx";
import { TableMenu, useHiddenColumns } from "./TableMenu.tsx";

export interface DataTableProps<Row extends RowData> {
  /** Name of the list, for remembering the chosen columns and for files. */
  readonly id: string;
  /** Says what the list is, for screen readers. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** What the rows answer: filters and scope. Rows that change while it stays the same do not jump. null while the answer is under way. */
  readonly question: string | null;
  /** Below the first column where the table is narrow. */
  readonly secondary?: (row: Row) => ReactNode;
  readonly sort?: string | undefined;
  readonly onSort?: (sort: string | undefined) => void;
  /** Only these columns can be sorted, by the server. Left out: all that have a value, once every row is here. */
  readonly serverSorted?: readonly string[];
  /** A click anywhere on a row; its first cell carries the link for the keyboard. */
  readonly onOpen?: (row: Row) => void;
  /** The row under the keyboard, by its key. */
  readonly cursorKey?: string | undefined;
  /** Is told the keys of the rows in the order in which they are shown. */
  readonly orderRef?: RefObject<readonly string[]>;
  /** Is told how to bring in the rows that have come meanwhile. */
  readonly showNewRef?: RefObject<() => void>;
  /** Key of the row that is open beside the list. */
  readonly openKey?: string | undefined;
  readonly stale?: boolean;
  readonly hasMore?: boolean;
  readonly onMore?: () => void;
  readonly total?: number | null;
  /** The whole list as CSV: never only the rows that are here. */
  readonly csv: WholeCsv<Row>;
  /** Shown instead of the table when there are no rows. */
  readonly empty: ReactNode;
}

/** Row height in CSS pixels: 28, more for fingers, more for two lines. */
function rowHeightFor(twoLines: boolean): number {
  if (twoLines) return 48;
  return matchMedia("(pointer: coarse)").matches ? 40 : 28;
}

export function DataTable<Row extends RowData>(props: DataTableProps<Row>) {
  const { columns, hasMore = false } = props;
  const hold = useHold();
  const { rows, arrivals, gone, showAll } = useSteadyRows(props.rows, props.question, props.rowKey, hasMore, hold.isHeld);
  const texts = useTexts();
  const [frame, width] = useWidth();
  const hidden = useHiddenColumns(props.id, columns);
  const sorting = sortingOf(props.sort);
  const model = useTableModel({
    columns,
    rows,
    rowKey: props.rowKey,
    sorting,
    sortedByServer: props.serverSorted !== undefined,
    hidden: hidden.hidden,
    width,
  });
  const { orderRef } = props;
  useEffect(() => {
    if (orderRef) orderRef.current = model.rows.map((row) => row.id);
  }, [orderRef, model.rows]);
  const { showNewRef, cursorKey } = props;
  const showNew = useCallback(() => {
    // The button that asks for it goes away; whoever stands on it goes back to the list.
    const isLeft = document.activeElement === document.body || document.activeElement?.matches("[data-arrivals]") === true;
    showAll();
    if (isLeft) focusRow(cursorKey);
  }, [showAll, cursorKey]);
  useEffect(() => {
    if (showNewRef) showNewRef.current = showNew;
  }, [showNewRef, showNew]);
  const isSortable = (column: Column<Row>) => {
    if (!props.onSort || !column.value) return false;
    return props.serverSorted ? props.serverSorted.includes(column.id) : !hasMore;
  };
  return (
    <div className={styles["frame"]} ref={frame} {...hold.handlers}>
      <span className="visually-hidden" role="status">
        {arrivals > 0 && texts.table.arrived(arrivals)}
      </span>
      {arrivals > 0 && (
        <button type="button" className={styles["arrivals"]} data-arrivals onClick={showNew}>
          {texts.table.arrivals(arrivals)}
        </button>
      )}
      {rows.length === 0 ? (
        <div className={styles["none"]}>{props.empty}</div>
      ) : (
        <Scroller
          {...props}
          width={width}
          gone={gone}
          shown={model.rows}
          visible={model.columns}
          secondary={width < widths.sm ? props.secondary : undefined}
        >
          <TableHead
            columns={model.columns}
            sorting={sorting}
            isSortable={isSortable}
            onSort={(id) => props.onSort?.(nextSorting(sorting, id))}
          />
        </Scroller>
      )}
      {rows.length > 0 && (
        <div className={styles["foot"]}>
          <span>{texts.table.count(rows.length, hasMore ? (props.total ?? null) : rows.length)}</span>
          <TableMenu
            id={props.id}
            columns={columns}
            rows={model.rows.map((row) => row.original)}
            hasMore={hasMore}
            hidden={hidden}
            csv={props.csv}
          />
        </div>
      )}
    </div>
  );
}

interface ScrollerProps<Row extends RowData> extends DataTableProps<Row> {
  readonly shown: readonly ShownRow<Row>[];
  readonly visible: readonly Column<Row>[];
  /** CSS pixels. */
  readonly width: number;
  /** Rows shown although they have left the list. */
  readonly gone: ReadonlySet<string>;
  /** The table's head. */
  readonly children: ReactNode;
}

/** The table itself, of which only the rows in view exist. */
function Scroller<Row extends RowData>(props: ScrollerProps<Row>) {
  const { shown, visible, secondary, hasMore = false, onMore, cursorKey } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const rowHeight = rowHeightFor(secondary !== undefined);
  const virtualizer = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollPaddingStart: 28,
    getItemKey: (index) => shown[index]!.id,
  });
  useEffect(() => virtualizer.measure(), [rowHeight, virtualizer]);
  const isPrinting = usePrinting();
  const inView = virtualizer.getVirtualItems();
  // Paper does not scroll: every row that is here is drawn, and no room is left for those that are not.
  const items = isPrinting ? shown.map((_, index) => ({ index, start: 0, end: virtualizer.getTotalSize() })) : inView;

  const lastIndex = inView.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && lastIndex >= shown.length - 20) onMore?.();
  }, [hasMore, lastIndex, shown.length, onMore]);

  useEffect(() => {
    const index = cursorKey === undefined ? -1 : shown.findIndex((row) => row.id === cursorKey);
    if (index >= 0) virtualizer.scrollToIndex(index, { align: "auto" });
    // Only when the cursor moves: data that arrives does not move the list.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [cursorKey]);

  const columnWidths = widthsOf(visible, props.width);
  return (
    <div className={styles["scroller"]} ref={scroller} data-stale={props.stale || undefined}>
      <table
        className={styles["table"]}
        aria-label={props.label}
        aria-rowcount={hasMore ? (props.total ?? -1) : shown.length + 1}
        style={{ "--row": `${rowHeight}px` } as CSSProperties}
      >
        <colgroup>
          {visible.map((column, place) => (
            <col key={column.id} style={{ width: columnWidths[place] }} />
          ))}
        </colgroup>
        {props.children}
        <tbody>
          <Spacer height={items[0]?.start ?? 0} span={visible.length} />
          {items.map((item) => {
            const row = shown[item.index]!;
            return (
              <TableRow
                key={row.id}
                row={row.original}
                index={item.index}
                columns={visible}
                isOpen={row.id === props.openKey}
                isCursor={row.id === cursorKey}
                isGone={props.gone.has(row.id)}
                secondary={secondary}
                onOpen={props.onOpen}
              />
            );
          })}
          <Spacer height={virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0)} span={visible.length} />
        </tbody>
      </table>
    </div>
  );
}
