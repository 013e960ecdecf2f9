/** All ways by HTTP. */
import type { HttpChannel, HttpChannelName } from "./channel.ts";
import { ntfyChannel } from "./ntfy/channel.ts";
import { pushChannel } from "./push/channel.ts";
import { teamsChannel } from "./teams/channel.ts";
import { webhookChannel } from "./webhook/channel.ts";

export const httpChannels: Readonly<Record<HttpChannelName, HttpChannel>> = {
  webhook: webhookChannel,
  teams: teamsChannel,
  ntfy: ntfyChannel,
  push: pushChannel,
};
