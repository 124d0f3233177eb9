/**
 * One way in which a request can be refused: its stable name (the last part of the `type` URI and the `code`), the HTTP status
 * and the title. The page of each is `docs/problems/<name>.md`.
 */
export interface ProblemType {
  readonly name: string;
  readonly status: number;
  readonly title: string;
}

/** Where inside the request something is wrong: a JSON pointer into the body, or a parameter or header by name. */
export interface FieldError {
  readonly pointer: string;
  readonly detail: string;
}

/** Declares the problems of one feature: names as keys, `[status, title]` as values. */
export function defineProblems<Name extends string>(
  table: Record<Name, readonly [status: number, title: string]>,
): Record<Name, ProblemType> {
  const entries = Object.entries(table) as [Name, readonly [number, string]][];
  return Object.fromEntries(
    entries.map(([name, [status, title]]): [string, ProblemType] => [name, { name, status, title }]),
  ) as Record<Name, ProblemType>;
}

/** The one error that decisions, stores and guards throw; one filter turns it into a problem document (RFC 9457). */
export class DomainError extends Error {
  constructor(
    readonly problem: ProblemType,
    detail: string,
    readonly extra: {
      readonly errors?: readonly FieldError[];
      readonly headers?: Readonly<Record<string, string>>;
      readonly members?: Readonly<Record<string, unknown>>;
    } = {},
  ) {
    super(detail);
    this.name = 'DomainError';
  }
}
