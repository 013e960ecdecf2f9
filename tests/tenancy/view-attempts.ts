/** Attempts on views of lists. A key is nobody's account, so it has none and is shown none. */
import type { RouteName } from "@hauswart/protocol/api/routes.ts";
import type { Attempt, Targets } from "./attempts.ts";

export const onViews = ({ foreign: { savedViewId, customerId } }: Targets) =>
  ({
    listSavedViews: [{ expect: "FORBIDDEN" }],
    createSavedView: [{ body: { list: "devices", name: "mine", search: `customer=${customerId}`, isShared: true }, expect: "FORBIDDEN" }],
    changeSavedView: [{ params: { savedViewId }, body: { name: "taken over" }, expect: "FORBIDDEN" }],
    deleteSavedView: [{ params: { savedViewId }, expect: "FORBIDDEN" }],
    chooseSavedView: [{ body: { list: "devices", savedViewId }, expect: "FORBIDDEN" }],
  }) as const satisfies Partial<Record<RouteName, readonly Attempt[]>>;
