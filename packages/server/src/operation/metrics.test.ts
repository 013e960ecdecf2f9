import { expect, test } from "bun:test";
import { makeMetrics } from "./metrics.ts";

test("counters, gauges and histograms stand in the text as Prometheus reads it", async () => {
  const metrics = makeMetrics();
  metrics.counter({ name: "mails_total", help: "Mails.", labels: ["state"] }).add(2, { state: "sent" });
  metrics.gauge({ name: "agents", help: "Agents connected." }).set(7);
  const commits = metrics.histogram({ name: "commit_seconds", help: "Commits.", buckets: [0.1, 1] });
  commits.observe(0.1);
  commits.observe(0.5);
  const text = await metrics.text();
  expect(metrics.contentType).toContain("text/plain");
  for (const line of [
    "# HELP hauswart_mails_total Mails.",
    "# TYPE hauswart_mails_total counter",
    'hauswart_mails_total{state="sent"} 2',
    "hauswart_agents 7",
    'hauswart_commit_seconds_bucket{le="0.1"} 1',
    'hauswart_commit_seconds_bucket{le="1"} 2',
    "hauswart_commit_seconds_count 2",
  ]) {
    expect(text.split("\n")).toContain(line);
  }
});

test("the same name is the same figure, and a gauge may be asked when it is read", async () => {
  const metrics = makeMetrics();
  metrics.counter({ name: "mails_total", help: "Mails." }).add();
  metrics.counter({ name: "mails_total", help: "Mails." }).add(4);
  let queued = 1;
  metrics.gauge({ name: "queued", help: "Waiting.", read: async () => queued });
  expect(await metrics.text()).toContain("hauswart_mails_total 5");
  queued = 3;
  expect(await metrics.text()).toContain("hauswart_queued 3");
});

test("two servers in one process do not share figures", async () => {
  makeMetrics().counter({ name: "mails_total", help: "Mails." }).add();
  expect(await makeMetrics().text()).not.toContain("mails_total");
});
