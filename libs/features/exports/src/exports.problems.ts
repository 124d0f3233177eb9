import { DomainError, defineProblems } from '@innkeep/contracts';

export const exportProblems = defineProblems({
  'export-not-ready': [409, 'There is no file of this export now'],
  'too-many-exports': [429, 'Too many files are being made'],
  'export-link-invalid': [403, 'The link does not lead to a file'],
});

export const exportNotReady = (detail: string) => new DomainError(exportProblems['export-not-ready'], detail);

export const tooManyExports = () =>
  new DomainError(exportProblems['too-many-exports'], 'Wait until some of the files are ready.', {
    headers: { 'retry-after': '10' },
  });

/** For links that are made up, changed, too old or ended with the rights of whoever asked for them: which of these is not told. */
export const exportLinkInvalid = () =>
  new DomainError(exportProblems['export-link-invalid'], 'Ask for a new link: each is good for an hour.');
