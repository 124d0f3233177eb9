import { type Abstract, Controller, type DynamicModule, Get, HttpException, Inject, Module, Res } from '@nestjs/common';
import { HealthCheckService, type HealthIndicatorResult, TerminusModule } from '@nestjs/terminus';
import type { FastifyReply } from 'fastify';

/** One thing a process needs. Rejects with the reason when it is not there. */
export interface HealthProbe {
  readonly name: string;
  probe(): Promise<Record<string, unknown> | void>;
}

/**
 * What a process's health is made of. `required`: without it the process cannot do its own work, and is not ready. `degraded`: it
 * works without, worse; shown, with 200, because restarting or removing the process would not help.
 */
export abstract class HealthProbes {
  abstract readonly required: readonly HealthProbe[];
  abstract readonly degraded: readonly HealthProbe[];
}

const PROBE_TIMEOUT_MS = 2_000;

async function within<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), PROBE_TIMEOUT_MS);
  });
  return Promise.race([promise, timeout]).finally(() => clearTimeout(timer));
}

@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    @Inject(HealthProbes) private readonly probes: HealthProbes,
  ) {}

  /** The process runs and turns its event loop. */
  @Get('live')
  live(@Res() reply: FastifyReply) {
    return this.answer(reply, []);
  }

  /** The process can do its own work. */
  @Get('ready')
  ready(@Res() reply: FastifyReply) {
    return this.answer(reply, [...this.probes.required.map(requiredCheck), ...this.probes.degraded.map(degradedCheck)]);
  }

  /** The process has finished starting. */
  @Get('startup')
  startup(@Res() reply: FastifyReply) {
    return this.answer(reply, this.probes.required.map(requiredCheck));
  }

  private async answer(reply: FastifyReply, checks: (() => Promise<HealthIndicatorResult>)[]): Promise<void> {
    reply.header('cache-control', 'no-store');
    try {
      await reply.code(200).send(await this.health.check(checks));
    } catch (error) {
      if (!(error instanceof HttpException)) throw error;
      await reply.code(503).header('retry-after', '2').send(error.getResponse());
    }
  }
}

const requiredCheck =
  ({ name, probe }: HealthProbe) =>
  async (): Promise<HealthIndicatorResult> => {
    try {
      return { [name]: { status: 'up', ...(await within(probe())) } };
    } catch (error) {
      return { [name]: { status: 'down', message: (error as Error).message } };
    }
  };

const degradedCheck =
  ({ name, probe }: HealthProbe) =>
  async (): Promise<HealthIndicatorResult> => {
    try {
      return { [name]: { status: 'up', ...(await within(probe())) } };
    } catch (error) {
      return { [name]: { status: 'up', isDegraded: true, message: (error as Error).message } };
    }
  };

/** `/health/live`, `/health/ready`, `/health/startup`. */
@Module({})
export class HealthModule {
  /** `probes` builds what is asked from the providers named in `inject`. */
  static forProbes<Injected extends unknown[]>(
    inject: { [Index in keyof Injected]: Abstract<Injected[Index]> },
    probes: (...injected: Injected) => HealthProbes,
  ): DynamicModule {
    return {
      module: HealthModule,
      imports: [TerminusModule.forRoot({ logger: false })],
      controllers: [HealthController],
      providers: [
        {
          provide: HealthProbes,
          useFactory: probes as (...injected: unknown[]) => HealthProbes,
          inject: [...inject] as never[],
        },
      ],
    };
  }
}
