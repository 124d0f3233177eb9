import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import type { DocumentView } from '../document';
import type { Refusal } from '../documents.problems';

/** What a look at a file has found: where the file is now, and what is wrong with it. */
export interface Verdict {
  readonly file: string;
  readonly refusal: Refusal | null;
}

/** What became of an upload. */
export interface CompletedUpload {
  readonly document: DocumentView;
  readonly refusal: Refusal | null;
  /** Where its file is. */
  readonly file: string | null;
}

/** Takes a file that was put and looked at, or refuses it. Of an upload that is decided nothing changes. */
export class CompleteUpload extends Command<Committed<CompletedUpload>> {
  constructor(
    readonly context: CommandContext,
    readonly id: string,
    readonly verdict: Verdict | undefined,
  ) {
    super();
  }
}
