import { collector, type CollectContext } from "@hauswart/agent/collector.ts";
import { clip, subjectLimit, textLimit } from "@hauswart/agent/readers/clip.ts";
import { networkOf, type WebsiteAnswer, type WebsiteQuestion } from "@hauswart/agent/readers/network.ts";
import type { NoDataCodeOf, SampleOf, SelectionOf } from "@hauswart/protocol/check.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { website } from "../protocol.ts";

type Check = typeof website;
type Sample = SampleOf<Check>;
type Selection = SelectionOf<Check>;

/** What is read is held in memory to be searched. */
const bodyLimitBytes = 10_000_000;

/** A web address; undefined for what is none, and for one that carries a password. */
function webAddress(text: string): URL | undefined {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(whole)) return undefined;
  const url = new URL(whole);
  return (url.protocol === "http:" || url.protocol === "https:") && url.hostname !== "" && url.username === "" && url.password === ""
    ? url
    : undefined;
}

interface Wanted {
  readonly text: string;
  readonly wanted: "present" | "absent";
}

/** Each text once, sorted; what is wanted present and absent is wanted present. */
function wantedTexts({ textPresent, textAbsent }: Selection): Wanted[] {
  const wanted = new Map<string, Wanted>();
  for (const text of textAbsent) wanted.set(text, { text, wanted: "absent" });
  for (const text of textPresent) wanted.set(text, { text, wanted: "present" });
  return [...wanted.values()].sort((one, other) => (one.text < other.text ? -1 : 1));
}

async function collect({ selection, instance, os, signal }: CollectContext<Check>): Promise<Collected<Sample, NoDataCodeOf<Check>>> {
  const asked = selection.url.trim() || instance.trim();
  if (asked === "") return { noData: "no-address" };
  const url = webAddress(asked);
  if (!url) return { noData: "no-website-address" };
  const proxy = selection.proxy.trim();
  if (proxy !== "" && webAddress(proxy)?.protocol !== "http:") return { noData: "no-proxy-address" };
  const texts = wantedTexts(selection);
  const question: WebsiteQuestion = {
    url: url.href,
    family: selection.family,
    httpVersion: selection.httpVersion,
    timeoutMs: Math.max(0.1, selection.answerWithinSeconds) * 1_000,
    bodyLimitBytes: Math.min(selection.readAtMostBytes, bodyLimitBytes),
    redirectLimit: selection.followRedirects,
    proxy,
    authorities: selection.extraAuthorities.trim(),
    texts: texts.map(({ text }) => text),
    signal,
  };
  const network = await networkOf(os);
  const answer = await network.website(question);
  const ownSide = whyNotAsked(answer, network.isConnected());
  return ownSide === undefined ? { ok: sampleOf(url, texts, answer) } : { noData: ownSide };
}

/** Why the answer says nothing about the website; undefined when it does. */
function whyNotAsked({ notAsked, outcome, address }: WebsiteAnswer, isConnected: boolean): NoDataCodeOf<Check> | undefined {
  if (notAsked === "not-allowed") return "not-allowed";
  if (notAsked === "no-route") return "no-route";
  const isOwn = address !== null && (address.address.startsWith("127.") || address.address === "::1");
  if (!isConnected && !isOwn && outcome !== "answered") return "no-connection";
  if (notAsked === "no-name-server") return "no-name-server";
  return undefined;
}

/** What follows a question mark may change each time, and may be meant for few eyes. */
const withoutQuery = (url: URL) => clip(`${url.origin}${url.pathname}`, textLimit);

function sampleOf(url: URL, texts: readonly Wanted[], answer: WebsiteAnswer): Sample {
  const { outcome, problem, address, certificate, response, times, totalMs } = answer;
  return {
    url: withoutQuery(url),
    finalUrl: withoutQuery(new URL(answer.finalUrl)),
    redirectCount: answer.redirectCount,
    outcome,
    problem: clip(problem, textLimit),
    address: address?.address ?? "",
    status: response ? String(response.status) : "",
    httpVersion: response?.httpVersion ?? "none",
    certificateProblem: clip(certificate?.problem ?? "", textLimit),
    certificateValidTo: certificate && Number.isFinite(certificate.validToMs) ? Math.max(0, certificate.validToMs) : null,
    certificateSubject: clip(certificate?.subject ?? "", textLimit),
    certificateIssuer: clip(certificate?.issuer ?? "", textLimit),
    // Without an answer nothing is known of its texts.
    texts: response
      ? texts.map(({ text, wanted }, index) => ({ text: clip(text, subjectLimit), wanted, found: response.found[index] ?? false }))
      : [],
    isCut: response?.isCut ?? false,
    ...times,
    totalMs,
    bodyBytes: response?.bodyBytes ?? null,
  };
}

export default [collector<Check>({ check: "website", version: 2, collect })];
