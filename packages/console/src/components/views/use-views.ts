/** The views of one list: which there are, which is shown, and how to get to one. */
import type { SavedView, ViewList } from "@hauswart/protocol/api/views.ts";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useRef } from "react";
import { query } from "../../api/queries.ts";
import { useChosenColumns } from "../table/TableMenu.tsx";
import { isBare, isSameSearch, noView, searchOfView, viewSearchOf } from "./search.ts";

export interface Views {
  readonly list: ViewList;
  readonly all: readonly SavedView[];
  /** The one that was chosen; null: none. */
  readonly current: SavedView | null;
  /** Something was changed since the current one was chosen. */
  readonly isChanged: boolean;
  /** What is shown now, as a view keeps it. */
  readonly now: { readonly search: string; readonly columns: Record<string, boolean> | null };
  readonly show: (view: SavedView | null) => void;
}

const sameColumns = (one: object | null, other: object | null) => {
  const text = (columns: object | null) => JSON.stringify(Object.entries(columns ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));
  return text(one) === text(other);
};

export function useViews(list: ViewList): Views {
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  const found = useQuery({ ...query("listSavedViews", { query: { list } }), staleTime: 60_000 });
  const all = found.data?.items ?? none;
  const [chosen, setChosen] = useChosenColumns(list);
  const columns = Object.keys(chosen).length === 0 ? null : chosen;
  const saved = typeof search["saved"] === "string" ? search["saved"] : undefined;
  const current = all.find(({ savedViewId }) => savedViewId === saved) ?? null;
  const now = { search: viewSearchOf(search), columns };
  const go = useCallback(
    (view: SavedView | null, replace: boolean) => {
      if (view?.columns) setChosen(view.columns);
      const next = view ? { ...searchOfView(view.search), saved: view.savedViewId } : { saved: noView };
      // A view names the customer to whom it is narrowed; one without shows all of them.
      void navigate({ to: `/${list}`, search: { customer: undefined, ...next } as never, replace });
    },
    [list, navigate, setChosen],
  );
  useArrival({ isReady: found.data !== undefined, all, saved, isBare: isBare(search), go });
  return {
    list,
    all,
    current,
    isChanged:
      current !== null &&
      (!isSameSearch(current.search, now.search) || (current.columns !== null && !sameColumns(current.columns, columns))),
    now,
    show: (view) => go(view, false),
  };
}

const none: readonly SavedView[] = [];

interface Arrival {
  readonly isReady: boolean;
  readonly all: readonly SavedView[];
  readonly saved: string | undefined;
  readonly isBare: boolean;
  readonly go: (view: SavedView | null, replace: boolean) => void;
}

/** Who comes to a list without filters gets the view that the address names, or else the one chosen to open with. */
function useArrival({ isReady, all, saved, isBare: bare, go }: Arrival): void {
  const hasArrived = useRef(false);
  useEffect(() => {
    if (!isReady || hasArrived.current) return;
    hasArrived.current = true;
    const wanted = all.find((view) => (saved === undefined ? view.isDefault : view.savedViewId === saved));
    if (bare && wanted && (saved === undefined || wanted.search !== "" || wanted.columns)) go(wanted, true);
  }, [isReady, all, saved, bare, go]);
}
