import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { EndReason } from './stream';

const SAMPLES = 2_048;

/** What the hub has done, for Prometheus and for whoever asks. Never by organization: a label value costs memory for ever. */
export class LiveMetrics {
  readonly totals = {
    published: 0,
    delivered: 0,
    dropped: 0,
    conflated: 0,
    healed: 0,
    bytesSaved: 0,
    recovered: 0,
    notRecovered: 0,
    refused: 0,
  };
  private readonly ended: Counter<'reason'>;
  private readonly delay: Histogram;
  private readonly samples = new Float64Array(SAMPLES);
  private sampled = 0;

  constructor(registry: Registry, gauges: () => Readonly<Record<string, number>>) {
    const { totals } = this;
    const registers = [registry];
    for (const name of Object.keys(totals) as (keyof typeof totals)[]) {
      const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      const counter: Counter = new Counter({
        name: `live_${snake}_total`,
        help: `Live messages: ${snake.replaceAll('_', ' ')}`,
        registers,
        // Counted in a plain number, which costs nothing on the way of a message.
        collect() {
          counter.reset();
          counter.inc(totals[name]);
        },
      });
    }
    const gauge: Gauge<'what'> = new Gauge({
      name: 'live_held',
      help: 'What the hub holds: streams, waiters, channels (one for each organization that is listened to), events kept hot, bytes that wait for clients',
      labelNames: ['what'] as const,
      registers,
      collect() {
        for (const [what, value] of Object.entries(gauges())) gauge.set({ what }, value);
      },
    });
    this.ended = new Counter({
      name: 'live_streams_ended_total',
      help: 'Streams that ended, by reason',
      labelNames: ['reason'] as const,
      registers,
    });
    this.delay = new Histogram({
      name: 'live_delivery_seconds',
      help: 'From the commit of an event to its writing to the clients',
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    });
  }

  /** Messages reached their sockets so long after the newest of them was committed, in milliseconds. */
  deliveredAfter(milliseconds: number): void {
    this.samples[this.sampled++ % SAMPLES] = Math.max(0, milliseconds);
    this.delay.observe(Math.max(0, milliseconds) / 1_000);
  }

  streamEnded(reason: EndReason): void {
    this.ended.inc({ reason });
  }

  /** Of the last deliveries, in milliseconds. */
  get percentiles(): { p50: number; p95: number; p99: number } {
    const sorted = this.samples.slice(0, Math.min(this.sampled, SAMPLES)).sort();
    const at = (share: number) => Math.round((sorted[Math.floor(share * (sorted.length - 1))] ?? 0) * 10) / 10;
    return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
  }
}
