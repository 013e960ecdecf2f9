/** Views of lists: one's own, and those that others share. */
import { z } from "zod";
import { Id } from "../../ids.ts";
import { page, route } from "../route.ts";
import { NewSavedView, SavedView, SavedViewChange, ViewList } from "../views.ts";

const savedViewId = z.object({ savedViewId: Id });

export const viewsRoutes = {
  listSavedViews: route({
    name: "listSavedViews",
    method: "GET",
    path: "/saved-views",
    scope: "session",
    summary: "One's own views and those that others share, by name. Only for people.",
    query: z.object({ list: ViewList.optional() }),
    response: page(SavedView),
  }),
  createSavedView: route({
    name: "createSavedView",
    method: "POST",
    path: "/saved-views",
    scope: "session",
    summary: "Keeps a list's filters, sorting and columns under a name.",
    body: NewSavedView,
    response: SavedView,
    status: 201,
    errors: ["CONFLICT"],
  }),
  changeSavedView: route({
    name: "changeSavedView",
    method: "PATCH",
    path: "/saved-views/{savedViewId}",
    scope: "session",
    summary: "Renames, replaces or shares a view: one's own, or a shared one for who manages users.",
    params: savedViewId,
    body: SavedViewChange,
    response: SavedView,
    errors: ["CONFLICT"],
  }),
  deleteSavedView: route({
    name: "deleteSavedView",
    method: "DELETE",
    path: "/saved-views/{savedViewId}",
    scope: "session",
    summary: "Removes a view for everybody who uses it: one's own, or a shared one for who manages users.",
    params: savedViewId,
    status: 204,
  }),
  chooseSavedView: route({
    name: "chooseSavedView",
    method: "PUT",
    path: "/saved-views/default",
    scope: "session",
    summary: "Says with which view a list opens for whoever asks.",
    body: z.object({ list: ViewList, savedViewId: Id.nullable().describe("null: with none.") }),
    status: 204,
  }),
} as const;
