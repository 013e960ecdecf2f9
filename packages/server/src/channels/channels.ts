/** All ways by HTTP. */
import type { HttpChannel, HttpChannelName, PersonChannel, PersonChannelName } from "./channel.ts";
import { ntfyChannel } from "./ntfy/channel.ts";
import { pushChannel } from "./push/channel.ts";
import { teamsChannel } from "./teams/channel.ts";
import { webhookChannel } from "./webhook/channel.ts";

export const personChannels: Readonly<Record<PersonChannelName, PersonChannel>> = {
  teams: teamsChannel,
  ntfy: ntfyChannel,
  push: pushChannel,
};

export const httpChannels: Readonly<Record<HttpChannelName, HttpChannel>> = { webhook: webhookChannel, ...personChannels };
