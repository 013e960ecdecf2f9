/** "Live" at the head of the console is said of every page: what is asked is kept up to date by events, or it stands here why not. */
import { routes, type RouteName } from "@hauswart/protocol/api/routes.ts";
import { expect, test } from "bun:test";
import { routesKeptLive } from "./affected.ts";

const reviewed: Partial<Record<RouteName, string>> = {
  streamEvents: "It is the stream.",
  listChecks: "What the server's program can measure; another program, another start.",
  getPushKey: "The server's own key, made once.",
  getSeries: "Every measurement adds to it: graphs ask anew with the end of their time, every five minutes.",
  getReplay: "Asked every second while it runs, and finished then.",
  previewRetention: "Asked by the dialog that shows it, with what stands in its form.",
  getMailHtml: "The text of a mail that is written never changes.",
  exportCustomer: "A file.",
  listWebhookDeliveries: "What was delivered; each opening of a webhook asks anew.",
};

test("every question of the API is kept live, or it is said why it need not be", () => {
  const asked = Object.values(routes)
    .filter(({ method, scope }) => method === "GET" && scope !== "none")
    .map(({ name }) => name as RouteName);
  expect(asked.length).toBeGreaterThan(50);
  expect(asked.filter((name) => !routesKeptLive.has(name) && !reviewed[name])).toEqual([]);
  // A reason for what is kept live by now, or is gone, says nothing any more.
  expect(Object.keys(reviewed).filter((name) => routesKeptLive.has(name as RouteName) || !asked.includes(name as RouteName))).toEqual([]);
});
