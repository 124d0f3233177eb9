import { CacheWarmer } from '@innkeep/platform/cache';
import { Route, shapes } from '@innkeep/platform/http';
import { Body, Controller, Header, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';

const warmBody = z
  .strictObject({
    organizationIds: z.array(z.int().min(1)).min(1).max(1_000).optional().describe('By default the busiest'),
    organizations: z.int().min(1).max(1_000).default(100).describe('At the most').meta({ example: 100 }),
    pages: z.int().min(1).max(50).default(10).describe('Of each organization, at the most').meta({ example: 10 }),
    seconds: z.int().min(1).max(25).default(20).describe('After which nothing more is begun').meta({ example: 20 }),
  })
  .meta({ example: { organizations: 100, pages: 10, seconds: 20 } });

const warmedAnswer = z.object({
  organizations: shapes.count,
  pages: shapes.count,
  failed: shapes.count.meta({ example: 0 }),
  isCutShort: z.boolean().describe('The time was over before the work was').meta({ example: false }),
  seconds: z.number().min(0).meta({ example: 1.25 }),
});

/** What operators do to the caches. */
@ApiTags('system')
@Controller('v1/system/cache')
export class SystemCacheController {
  constructor(private readonly warmer: CacheWarmer) {}

  @Post('warm')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Route({
    allow: 'operator',
    summary: 'Read what busy organizations look at before they ask for it',
    answer: warmedAnswer,
    description:
      'The pages that were asked for most come into the memory of the process that answers, and into Redis. It is also done when a process starts, and every five minutes.',
  })
  warm(@Body({ schema: warmBody }) budget: z.output<typeof warmBody>) {
    return this.warmer.warm(budget);
  }
}
