/* oxlint-disable typescript/no-unsafe-assignment, typescript/no-unsafe-call, typescript/no-unsafe-member-access -- a worker is plain JavaScript, and the types of its events are not among the page's */
/** Shows messages of the house also while the console is not open. It keeps nothing and answers no requests of pages. */
self.addEventListener("push", (event) => {
  const { title, body, path, tag } = event.data?.json() ?? {};
  if (typeof title !== "string") return;
  event.waitUntil(self.registration.showNotification(title, { body, tag, data: { path }, icon: "/favicon.svg" }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { path } = event.notification.data ?? {};
  // A path of this house, whatever the message said.
  const url = new URL(typeof path === "string" && path.startsWith("/") && !path.startsWith("//") ? path : "/", self.location.origin);
  event.waitUntil(self.clients.openWindow(url.href));
});
