import { MemberPort, type Principal, PropertyPort } from '@innkeep/contracts';
import { Reader, type Snapshot } from '@innkeep/platform/database';
import { shapes } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { themeAnswer } from '../theme';
import { ThemeStore } from '../theme.store';

/** Whoever has more pages through the list of properties. */
const MOST_PROPERTIES = 500;

const bootstrapProperty = z.object({
  id: shapes.numericId,
  name: shapes.text('Casa do Rio'),
  timeZone: shapes.text('Europe/Lisbon'),
  currency: shapes.currency,
  businessDayStartsAt: shapes.text('00:00'),
});

/** What the same for all members who see the same properties, and seldom another. */
export const bootstrapAnswer = z
  .object({
    organization: z.object({ id: shapes.numericId, name: shapes.text('Casas do Rio'), plan: shapes.text('standard') }),
    theme: themeAnswer,
    properties: z.array(bootstrapProperty).readonly(),
    hasMoreProperties: z.boolean().describe(`Whether there are more than the ${MOST_PROPERTIES} that are shown`),
    features: z.record(z.string(), z.boolean()).describe('The areas of the API that this installation offers'),
    words: z.record(z.string(), z.array(z.string()).readonly()).describe('What clients offer to choose from'),
  })
  .meta({ id: 'Bootstrap' });
type Gathered = Omit<z.output<typeof bootstrapAnswer>, 'features' | 'words'>;

/** What a client has to know of an organization before anything else. */
export class GetBootstrap extends Query<Snapshot<Gathered>> {
  constructor(
    readonly principal: Principal,
    readonly minPosition: number,
    readonly tags: readonly string[],
  ) {
    super();
  }
}

@QueryHandler(GetBootstrap)
export class GetBootstrapHandler implements IQueryHandler<GetBootstrap> {
  constructor(
    private readonly reader: Reader,
    private readonly members: MemberPort,
    private readonly properties: PropertyPort,
    private readonly themes: ThemeStore,
  ) {}

  execute({ principal, minPosition, tags }: GetBootstrap): Promise<Snapshot<Gathered>> {
    return this.reader.gather({ organizationId: principal.organizationId, minPosition, tags }, async (port) => {
      const [organization, theme, properties] = await Promise.all([
        this.members.organization(port),
        this.themes.read(port),
        this.properties.list(port, principal.properties, MOST_PROPERTIES + 1),
      ]);
      const hasMoreProperties = properties.length > MOST_PROPERTIES;
      return { organization, theme, properties: properties.slice(0, MOST_PROPERTIES), hasMoreProperties };
    });
  }
}
