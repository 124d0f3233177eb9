import { Counter, type Registry } from 'prom-client';

/** Answers that were given while a read model stood still and lacked something: by read model, and by what was read instead. */
export class StaleReadMetrics {
  private readonly served: Counter<'read_model' | 'from'>;

  constructor(registry: Registry) {
    const name = 'stale_reads_total';
    this.served =
      (registry.getSingleMetric(name) as Counter<'read_model' | 'from'> | undefined) ??
      new Counter({
        name,
        help: 'Answers given while a read model stood still and was behind',
        labelNames: ['read_model', 'from'] as const,
        registers: [registry],
      });
  }

  servedStale(readModel: string, from: 'write-model' | 'read-model'): void {
    this.served.inc({ read_model: readModel, from });
  }
}
