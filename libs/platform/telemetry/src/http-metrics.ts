import type { FastifyInstance } from 'fastify';
import { Histogram, type Registry } from 'prom-client';

interface Observer {
  observe(seconds: number): void;
}

/** Requests by method, route pattern and status. Never by organization: a label value costs memory for ever. */
export class RequestMetrics {
  private readonly duration: Histogram<'method' | 'path' | 'status_code'>;
  /** Looking up the labels costs more than counting; routes are few. */
  private readonly observers = new Map<string, Observer>();

  constructor(registry: Registry) {
    this.duration = new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time from the first byte of a request to the last of its answer',
      labelNames: ['method', 'path', 'status_code'] as const,
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers: [registry],
    });
  }

  /** Counts a request that took so many seconds; `path` is the route's pattern. */
  observe(method: string, path: string, status: number, seconds: number): void {
    const key = `${status} ${method} ${path}`;
    let observer = this.observers.get(key);
    if (!observer) {
      observer = this.duration.labels({ method, path, status_code: String(status) });
      this.observers.set(key, observer);
    }
    observer.observe(seconds);
  }
}

/** Measures every request that the server routes. */
export function measureRequests(server: FastifyInstance, metrics: RequestMetrics): void {
  server.addHook('onResponse', (request, reply, done) => {
    metrics.observe(request.method, request.routeOptions.url ?? 'none', reply.statusCode, reply.elapsedTime / 1_000);
    done();
  });
}
