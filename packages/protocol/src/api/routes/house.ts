/** The house itself: what the server says about its own state. */
import * as h from "../house.ts";
import { RetentionPreview, RetentionQuery } from "../retention.ts";
import { route } from "../route.ts";

export const houseRoutes = {
  getServerReport: route({
    name: "getServerReport",
    method: "GET",
    path: "/server",
    scope: "devices:read",
    summary: "What the server says of itself: mails that do not leave, little room, old backups, chores that fail.",
    response: h.ServerReport,
  }),
  previewRetention: route({
    name: "previewRetention",
    method: "GET",
    path: "/settings/retention-preview",
    scope: "settings:read",
    summary: "What would be deleted if things were kept this long; what is left out stays as it is set.",
    query: RetentionQuery,
    response: RetentionPreview,
  }),
} as const;
