import type { Principal } from '@innkeep/contracts';
import { Reader, type Snapshot } from '@innkeep/platform/database';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { ThemeView } from '../theme';
import { ThemeStore } from '../theme.store';

/** What the caller's organization looks like. */
export class GetTheme extends Query<Snapshot<ThemeView>> {
  constructor(
    readonly principal: Principal,
    readonly minPosition: number,
    readonly tags: readonly string[],
  ) {
    super();
  }
}

@QueryHandler(GetTheme)
export class GetThemeHandler implements IQueryHandler<GetTheme> {
  constructor(
    private readonly reader: Reader,
    private readonly themes: ThemeStore,
  ) {}

  execute({ principal: { organizationId }, minPosition, tags }: GetTheme): Promise<Snapshot<ThemeView>> {
    return this.reader.gather({ organizationId, minPosition, tags }, (port) => this.themes.read(port));
  }
}
