import type { Answer } from '../system';
import { expectProblem } from '../system/expect-problem';
import type { Place } from './place';

/** Something sent, and what has to come back. */
export interface Asked {
  readonly what: string;
  ask(place: Place): Promise<Answer>;
  readonly status: number;
  /** The name of the problem; none for an answer that is no refusal. */
  readonly code?: string;
  /** Where in the request the problem has to point, and nowhere else. */
  readonly pointer?: string;
}

/** What takes more than one request to find out. */
export interface Checked {
  readonly what: string;
  /** In few words, for the table. */
  readonly required: string;
  check(place: Place): Promise<void>;
}

export type Probe = Asked | Checked;

/** One kind of bad input: what it is, how it is tried, and so what is required of the product. */
export interface Row {
  /** For good: documents and people name a row by it. */
  readonly id: string;
  /** In plain words. */
  readonly what: string;
  readonly probes: readonly Probe[];
  /** Nothing in the product takes such input. The probes say so, and fail on the day when something does. */
  readonly isNotOffered?: boolean;
  /** Settings that the API has to be started with for these probes. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** What a probe requires, as the table shows it. */
export const requirementOf = (probe: Probe): string =>
  'check' in probe ? probe.required : [probe.status, probe.code].filter(Boolean).join(' ');

/** Tries a probe; throws unless what comes back is as required. */
export async function tryProbe(probe: Probe, place: Place): Promise<void> {
  if ('check' in probe) return probe.check(place);
  const { what, ask, status, code, pointer } = probe;
  const answer = await ask(place);
  if (!code) return void answer.expect(status);
  expectProblem(what, answer, status, code);
  if (pointer) expect([...new Set(answer.problem.errors?.map((error) => error.pointer))]).toEqual([pointer]);
}
