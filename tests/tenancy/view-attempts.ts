/** Attempts on views of lists. A key is nobody's account, so it has none and is shown none. */
import type { RouteName } from "@hauswart/protocol/api/routes.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import type { Attempt } from "./attempts.ts";

const params = { savedViewId: newId() };

export const onViews = {
  listSavedViews: [{ expect: "FORBIDDEN" }],
  createSavedView: [{ body: { list: "devices", name: "mine", search: "", isShared: true }, expect: "FORBIDDEN" }],
  changeSavedView: [{ params, body: { name: "taken over" }, expect: "FORBIDDEN" }],
  deleteSavedView: [{ params, expect: "FORBIDDEN" }],
  chooseSavedView: [{ body: { list: "devices", savedViewId: params.savedViewId }, expect: "FORBIDDEN" }],
} as const satisfies Partial<Record<RouteName, readonly Attempt[]>>;
