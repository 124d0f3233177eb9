import { DomainError, defineProblems } from '@innkeep/contracts';

export const exportProblems = defineProblems({
  'export-not-ready': [409, 'There is no file of this export now'],
  'export-link-invalid': [403, 'The link does not lead to a file'],
});

export const exportNotReady = (detail: string) => new DomainError(exportProblems['export-not-ready'], detail);

/** For links that are made up, changed, too old or ended with the rights of whoever asked for them: which of these is not told. */
export const exportLinkInvalid = () =>
  new DomainError(exportProblems['export-link-invalid'], 'Ask for a new link: each is good for an hour.');
