import { expect, test } from "bun:test";
import type { Os } from "@hauswart/agent/os/os.ts";
import type { WebsiteAnswer, WebsiteQuestion } from "@hauswart/agent/readers/network.ts";
import { website } from "../protocol.ts";
import collectors from "./index.ts";

const answered: WebsiteAnswer = {
  outcome: "answered",
  problem: "",
  notAsked: "",
  finalUrl: "https://shop.example/start?session=4711",
  redirectCount: 1,
  address: { address: "192.0.2.80", family: "ipv4" },
  times: { dnsMs: 1, connectMs: 2, tlsMs: 3, firstByteMs: 4 },
  totalMs: 11,
  certificate: { problem: "", validToMs: 1_800_000_000_000, subject: "shop.example", issuer: "Example CA" },
  response: { status: 200, httpVersion: "2", bodyBytes: 512, isCut: false, found: [false, true] },
};

async function measure(settings: object, answer: Partial<WebsiteAnswer> = {}, { instance = "", isConnected = true } = {}) {
  const asked: WebsiteQuestion[] = [];
  const network = {
    isConnected: () => isConnected,
    website: async (question: WebsiteQuestion) => (asked.push(question), { ...answered, ...answer }),
  };
  const outcome = await collectors[0]!.collect(
    {
      system: "linux",
      selection: website.selection.parse(settings),
      instance,
      os: { network: async () => network } as unknown as Os,
      signal: new AbortController().signal,
      now: () => 0,
    },
    { values: new Map(), kept: {} },
  );
  return { outcome, asked };
}

test("what follows a question mark is asked for and not stored; texts are sorted, each once", async () => {
  const { outcome, asked } = await measure({ url: "shop.example/?token=secret", textPresent: ["b", "b"], textAbsent: ["a", "b"] });
  expect(asked[0]).toMatchObject({ url: "https://shop.example/?token=secret", texts: ["a", "b"], timeoutMs: 10_000, redirectLimit: 5 });
  expect(outcome).toMatchObject({
    ok: {
      url: "https://shop.example/",
      finalUrl: "https://shop.example/start",
      status: "200",
      texts: [
        { text: "a", wanted: "absent", found: false },
        { text: "b", wanted: "present", found: true },
      ],
    },
  });
  expect(JSON.stringify(outcome)).not.toMatch(/secret|4711/);
});

test("a page that was not read to its end says so", async () => {
  const response = { ...answered.response!, isCut: true };
  const { outcome } = await measure({ url: "shop.example", textAbsent: ["a"] }, { response });
  expect(outcome).toMatchObject({ ok: { isCut: true, texts: [{ text: "a", found: false }] } });
});

test("an instance without an address asks what it is called", async () => {
  expect((await measure({}, {}, { instance: "www.example.com" })).asked[0]!.url).toBe("https://www.example.com/");
});

test.each([
  ["", "no-address"],
  ["ftp://files.example", "no-website-address"],
  ["https://user:password@shop.example", "no-website-address"],
  ["https://", "no-website-address"],
  ["file:///etc/passwd", "no-website-address"],
])("%j is not asked", async (url, said) => {
  const { outcome, asked } = await measure({ url });
  expect([outcome, asked]).toEqual([{ noData: said as never }, []]);
});

test("a proxy that is none is told", async () => {
  expect((await measure({ url: "shop.example", proxy: "https://proxy.example" })).outcome).toEqual({
    noData: "no-proxy-address",
  });
});

test.each<[string, Partial<WebsiteAnswer>, boolean]>([
  ["no route", { outcome: "connect-failed", problem: "ENETUNREACH", notAsked: "no-route", response: null }, true],
  ["no name server", { outcome: "name-unknown", notAsked: "no-name-server", response: null }, true],
  ["no cable", { outcome: "connect-failed", problem: "EHOSTUNREACH", response: null }, false],
])("%s says nothing about the website", async (_, answer, isConnected) => {
  expect((await measure({ url: "shop.example" }, answer, { isConnected })).outcome).toHaveProperty("noData");
});

test("a website that refuses is told, without texts that nobody saw", async () => {
  const refused = { outcome: "connect-failed", problem: "ECONNREFUSED", response: null, certificate: null } as const;
  expect((await measure({ url: "shop.example", textPresent: ["a"] }, refused)).outcome).toMatchObject({
    ok: {
      outcome: "connect-failed",
      problem: "ECONNREFUSED",
      status: "",
      httpVersion: "none",
      texts: [],
      bodyBytes: null,
      certificateValidTo: null,
    },
  });
});
