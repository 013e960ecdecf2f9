/** Figures about the agents' connections, for Prometheus. */
import type { Counter, Metrics } from "../operation/metrics.ts";

export interface GatewayMetrics {
  /** By code. */
  readonly refused: Counter;
  readonly takeOvers: Counter;
  readonly duplicates: Counter;
}

export interface GatewayFigures {
  readonly sockets: () => number;
  readonly devices: () => number;
  readonly waiting: () => number;
}

export function gatewayMetrics(metrics: Metrics, figures: GatewayFigures): GatewayMetrics {
  metrics.gauge({
    name: "gateway_sockets_number",
    help: "Open connections of agents, those that have not said who they are among them.",
    read: figures.sockets,
  });
  metrics.gauge({ name: "gateway_devices_number", help: "Devices that this process speaks for.", read: figures.devices });
  metrics.gauge({ name: "ingest_waiting_batches_number", help: "Messages taken in and not yet committed.", read: figures.waiting });
  return {
    refused: metrics.counter({ name: "gateway_refused_total", help: "Agents turned away, by code.", labels: ["code"] }),
    takeOvers: metrics.counter({ name: "gateway_take_overs_total", help: "Devices taken over by this process." }),
    duplicates: metrics.counter({
      name: "ingest_duplicate_batches_total",
      help: "Messages that were stored before and were acknowledged again.",
    }),
  };
}
