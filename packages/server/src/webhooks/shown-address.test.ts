import { expect, test } from "bun:test";
import { shownAddress } from "./shown-address.ts";

test.each([
  ["https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX", "https://hooks.slack.com/services/…"],
  ["https://discord.com/api/webhooks/123456/aBcDeF-secret", "https://discord.com/api/…"],
  [
    "https://prod-12.westeurope.logic.azure.com:443/workflows/0f3a/triggers/manual/paths/invoke?api-version=2016-06-01&sp=x&sig=secret",
    "https://prod-12.westeurope.logic.azure.com/workflows/…",
  ],
  ["https://house.webhook.office.com/webhookb2/0f3a@1b2c/IncomingWebhook/secret/0f3a", "https://house.webhook.office.com/…"],
  ["https://n8n.example:5678/3f2a9c0de1", "https://n8n.example:5678/…"],
  ["https://user:password@tickets.example/hooks", "https://tickets.example/hooks"],
  ["https://tickets.example/hooks?key=secret", "https://tickets.example/hooks/…"],
  ["https://tickets.example/hooks/", "https://tickets.example/hooks"],
  ["https://tickets.example", "https://tickets.example"],
  ["http://127.0.0.1:8080/?x=1", "http://127.0.0.1:8080/…"],
] as const)("%s", (url, shown) => {
  expect(shownAddress(url)).toBe(shown);
});
