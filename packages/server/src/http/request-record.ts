/** One line in the log and one figure in the metrics per request. Never the address with its query, never a body. */
import type { Services } from "../services.ts";
import type { Exchange } from "./exchange.ts";
import type { Gate } from "./gates.ts";

/** Routes that monitors and consoles ask all the time: their successes are worth a line only when debugging. */
const chatter = new Set(["getHealth", "getReadiness", "metrics", "console"]);

export function recordRequest({ log, metrics }: Pick<Services, "log" | "metrics">): Gate {
  const seconds = metrics.histogram({
    name: "http_request_seconds",
    help: "Time from a request's arrival to its answer.",
    labels: ["route", "status"],
  });
  return async (exchange, next) => {
    const start = performance.now();
    await next();
    const took = performance.now() - start;
    const { status } = exchange.res;
    const route = exchange.get("routeName");
    seconds.observe(took / 1_000, { route, status: String(status) });
    const level = status < 400 && chatter.has(route) ? "debug" : "info";
    log[level]("request", {
      requestId: exchange.get("requestId"),
      method: exchange.req.method,
      route,
      status,
      tookMs: Math.round(took * 10) / 10,
      address: exchange.get("address"),
      ...actorOf(exchange),
    });
  };
}

function actorOf(exchange: Exchange): Record<string, string> {
  const ctx = exchange.get("ctx");
  return ctx ? { actorKind: ctx.actor.kind, actorId: ctx.actor.id } : {};
}
