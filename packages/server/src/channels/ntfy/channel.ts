/** ntfy (https://docs.ntfy.sh/publish/): a topic on a server of one's own or on ntfy.sh, published as JSON to the server's root. */
import { strictVerdict, type PersonChannel, type Tone } from "../channel.ts";

/** 1 to 5; 4 sounds longer and passes the silence of most phones only where its owner says so. */
const priorities: Readonly<Record<Tone, number>> = { failure: 4, warning: 3, over: 2 };
/** Shown as emoji before the title. */
const tags: Readonly<Record<Tone, string>> = { failure: "rotating_light", warning: "warning", over: "white_check_mark" };
/** The server cuts longer messages off or makes files of them. */
const mostCharacters = 3_500;

/** Server and topic of a topic's address; undefined when it is none. */
export function ntfyTopic(address: string): { readonly server: string; readonly topic: string } | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const topic = url?.pathname.slice(1) ?? "";
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || !/^[-\w]{1,64}$/.test(topic)) return undefined;
  return { server: `${url.origin}/`, topic };
}

export const ntfyChannel: PersonChannel = {
  compose({ title, tone, items, more, link }) {
    const [only] = items;
    const lines =
      items.length === 1 && only
        ? [only.where, ...only.facts.map(({ label, text }) => `${label}: ${text}`)]
        : items.map((item) => `${item.state}: ${item.title} (${item.where})`);
    const message = [...lines, more].filter(Boolean).join("\n").slice(0, mostCharacters);
    return JSON.stringify({ title, message, priority: priorities[tone], tags: [tags[tone]], click: link });
  },
  request({ url, secret }, body) {
    const { server, topic } = ntfyTopic(url)!;
    return {
      url: server,
      headers: { "content-type": "application/json", ...(secret ? { authorization: `Bearer ${secret}` } : {}) },
      body: JSON.stringify({ topic, ...(JSON.parse(body) as object) }),
    };
  },
  verdictOf: strictVerdict,
};
