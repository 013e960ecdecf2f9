/** Views of lists in the double: whoever is signed in has their own, and sees those that others share. */
import type { SavedView } from "@hauswart/protocol/api/views.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { scopesOfRole } from "@hauswart/protocol/roles.ts";
import { newId } from "@hauswart/protocol/new-id.ts";
import type { Handlers } from "./handlers.ts";
import { found } from "./paging.ts";
import { askerOf, type Call } from "./people.ts";
import type { World } from "./world.ts";

type Kept = Omit<SavedView, "isMine" | "mayChange" | "isDefault" | "ownerName"> & { readonly ownerId: string; readonly ownerName: string };

export function viewHandlers(
  world: World,
): Pick<Handlers, "listSavedViews" | "createSavedView" | "changeSavedView" | "deleteSavedView" | "chooseSavedView"> {
  const views: Kept[] = [
    {
      savedViewId: newId(world.nowMs()),
      list: "devices",
      name: "Server mit Störung",
      search: "state=failure&tag=server",
      columns: null,
      isShared: true,
      ownerId: "somebody else",
      ownerName: "Nachtdienst",
      updatedAt: new Date(world.nowMs() - 86_400_000).toISOString(),
    },
  ];
  /** View by account and list. */
  const chosen = new Map<string, string>();
  const accountOf = (call: Call) => askerOf(call).person.account;
  const mayChange = (view: Kept, call: Call) =>
    view.ownerId === accountOf(call).accountId || (view.isShared && scopesOfRole[accountOf(call).role].includes("access:write"));
  const present = (view: Kept, call: Call): SavedView => {
    const { accountId } = accountOf(call);
    const isMine = view.ownerId === accountId;
    return { ...view, isMine, mayChange: mayChange(view, call), isDefault: chosen.get(`${accountId} ${view.list}`) === view.savedViewId };
  };
  const ownView = (savedViewId: string, call: Call) => {
    const view = found(views.find((one) => one.savedViewId === savedViewId));
    if (!mayChange(view, call)) throw new HauswartError("FORBIDDEN");
    return view;
  };
  const now = () => new Date(world.nowMs()).toISOString();
  return {
    listSavedViews: ({ list }, call) => ({
      items: views
        .map((view) => present(view, call))
        .filter((view) => (view.isMine || view.isShared) && (!list || view.list === list))
        .sort((one, other) => one.name.localeCompare(other.name, "de")),
      next: null,
    }),
    createSavedView(body, call) {
      const { accountId, name: ownerName } = accountOf(call);
      const isTaken = ({ ownerId, list, name }: Kept) =>
        ownerId === accountId && list === body.list && name.toLowerCase() === body.name.toLowerCase();
      if (views.some(isTaken)) throw new HauswartError("CONFLICT", "There is one of this name already.");
      const view = { savedViewId: newId(), ...body, ownerId: accountId, ownerName, updatedAt: now() };
      views.push(view);
      return present(view, call);
    },
    changeSavedView: ({ savedViewId, ...change }, call) =>
      present(Object.assign(ownView(savedViewId, call), change, { updatedAt: now() }), call),
    deleteSavedView: ({ savedViewId }, call) => void views.splice(views.indexOf(ownView(savedViewId, call)), 1),
    chooseSavedView({ list, savedViewId }, call) {
      const key = `${accountOf(call).accountId} ${list}`;
      if (savedViewId === null) chosen.delete(key);
      else chosen.set(key, savedViewId);
    },
  };
}
