import { describe, expect, test } from "bun:test";
import { BrittleFolder } from "../testing/brittle-folder.ts";
import { manifestOf } from "../testing/made-up-release.ts";
import { download, type DownloadNeeds } from "./download.ts";

const application = new TextEncoder().encode("// an application\n".repeat(500));

describe("a download", () => {
  const file = manifestOf(application).files[0]!;
  function fetching(answer: (request: Request, count: number) => Response) {
    let count = 0;
    const requests: { path: string; headers: Record<string, string> }[] = [];
    const server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch(request) {
        requests.push({ path: new URL(request.url).pathname, headers: Object.fromEntries(request.headers) });
        return answer(request, ++count);
      },
    });
    const files = new BrittleFolder(() => 0.5);
    const needs: DownloadNeeds = {
      files,
      server: server.url.origin,
      certificates: undefined,
      proxies: async () => [undefined],
      deviceId: "device",
      sign: async () => "signature",
      serverTime: () => 1_000,
      pause: async () => {},
    };
    return { files, requests, needs, [Symbol.dispose]: () => void server.stop(true) };
  }

  test("shows the agent's proof, and is checked", async () => {
    using server = fetching(() => new Response(application));
    expect(server.files.read(await download(server.needs, file))).toEqual(Buffer.from(application));
    expect(server.requests[0]!.headers["x-hauswart-proof"]).toBe("signature");
    expect(server.requests[0]!.path).toBe(`/agent/v1/release/${file.sha256}`);
  });

  test("that was cut off goes on where it stopped", async () => {
    using server = fetching((request, count) => {
      if (count === 1) return new Response(application.subarray(0, 1_000));
      const from = Number(/bytes=(\d+)-/.exec(request.headers.get("range") ?? "")?.[1]);
      return new Response(application.subarray(from), {
        status: 206,
        headers: { "content-range": `bytes ${from}-${application.length - 1}/${application.length}` },
      });
    });
    await download(server.needs, file);
    expect(server.requests[1]!.headers["range"]).toBe("bytes=1000-");
  });

  test("of something else is thrown away", async () => {
    using server = fetching(() => new Response(new Uint8Array(application.length)));
    await expect(download(server.needs, file)).rejects.toMatchObject({ code: "HASH_WRONG" });
    expect(server.files.size("download.part")).toBe(0);
  });

  test("never becomes larger than what was released", async () => {
    using server = fetching(() => new Response(new Uint8Array(application.length * 20)));
    await expect(download(server.needs, file)).rejects.toMatchObject({ code: "DOWNLOAD_FAILED" });
    expect(server.files.size("download.part")).toBeLessThanOrEqual(application.length);
  });

  test("is given up after some attempts, with the reason", async () => {
    using server = fetching(() => new Response(null, { status: 403 }));
    await expect(download(server.needs, file)).rejects.toThrow("status 403");
    expect(server.requests.length).toBe(5);
  });
});
