import { DomainError, StoragePort, ThemeChanged } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { forbidden, httpProblems } from '@innkeep/platform/http';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type Theme, brandingProblems, changeTheme } from '../theme';
import { ThemeStore } from '../theme.store';
import { ChangeTheme } from './change-theme.command';

@CommandHandler(ChangeTheme)
export class ChangeThemeHandler implements ICommandHandler<ChangeTheme> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly themes: ThemeStore,
    private readonly storage: StoragePort,
  ) {}

  execute({ context, changes, ifVersion }: ChangeTheme): Promise<Committed<Theme>> {
    const { organizationId, properties } = context.principal;
    if (properties !== 'all') throw forbidden('Only members who look after all properties change what they look like.');
    return this.unitOfWork.run(context, async (unit) => {
      const { version, ...theme } = await this.themes.load(unit);
      if (ifVersion !== undefined && ifVersion !== version)
        throw new DomainError(
          httpProblems['precondition-failed'],
          'Read it again and repeat the change on what you see.',
        );
      const changed = changeTheme(theme, changes);
      if (!changed) return theme;
      const isOther = changed.logoId !== null && changed.logoId !== theme.logoId;
      if (isOther && !(await this.storage.logo(unit, changed.logoId)))
        throw new DomainError(brandingProblems['logo-unknown'], 'Upload it first, as a document of the kind logo.', {
          errors: [{ pointer: '/logoId', detail: 'is no logo of the organization' }],
        });
      this.themes.save(unit, changed);
      unit.record(ThemeChanged(changed, { entityId: organizationId }));
      return changed;
    });
  }
}
