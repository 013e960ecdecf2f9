/** A short table that can be taken along as CSV. */
import { ActionIcon, Menu } from "@mantine/core";
import type { CsvValue } from "@hauswart/protocol/csv.ts";
import { Download } from "lucide-react";
import { useSpeech } from "../../texts/texts.tsx";
import { PlainTable, type PlainTableProps } from "../PlainTable.tsx";
import { csvOf } from "./csv.ts";
import { CsvItems } from "./CsvItems.tsx";
import styles from "./DataTable.module.css";

interface Props extends Omit<PlainTableProps, "rows"> {
  /** Names the file. */
  readonly id: string;
  readonly rows: readonly (PlainTableProps["rows"][number] & {
    /** What stands in the columns, in their order; those of buttons, whose headers are hidden, have none. Moments as ISO 8601. */
    readonly values: readonly CsvValue[];
  })[];
}

export function CsvTable({ id, ...table }: Props) {
  const { language, texts } = useSpeech();
  const write = async () =>
    csvOf(
      table.columns.filter(({ isHeaderHidden }) => !isHeaderHidden).map(({ header }) => header),
      table.rows.map(({ values }) => values),
      language,
    );
  return (
    <>
      <PlainTable {...table} />
      <div className={styles["foot"]}>
        <span>{texts.table.count(table.rows.length, table.rows.length)}</span>
        <Menu position="top-end">
          <Menu.Target>
            <ActionIcon aria-label={texts.table.csvOf(table.label)}>
              <Download size={15} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <CsvItems id={id} source={write} />
          </Menu.Dropdown>
        </Menu>
      </div>
    </>
  );
}
