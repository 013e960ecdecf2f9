/** What is opened beside a list, where it is not among the rows that are here: on its way, or why it does not come. */
import type { ReactNode } from "react";
import type { Opened } from "../api/opened.ts";
import { ErrorNote, Loading } from "./notes.tsx";
import { Pane } from "./Pane.tsx";

interface Props<Item> {
  /** What it is, for screen readers, until it is there. */
  readonly label: string;
  /** undefined: nothing is opened. */
  readonly opened: Opened<Item> | undefined;
  readonly onClose: () => void;
  readonly children: (item: Item) => ReactNode;
}

export function OpenedPane<Item>({ label, opened, onClose, children }: Props<Item>) {
  if (!opened) return null;
  if (opened.data !== undefined) return children(opened.data);
  return (
    <Pane label={label} onClose={onClose}>
      {opened.error ? <ErrorNote error={opened.error} onRetry={() => void opened.refetch()} /> : <Loading />}
    </Pane>
  );
}
