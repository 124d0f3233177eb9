interface CircusEvent {
  readonly name: string;
  readonly test?: { readonly errors: readonly unknown[] };
}

/** Where jest-circus keeps the handlers that are told of every event of the running file. */
const HANDLERS = Symbol.for('EVENT_HANDLERS');

/** Whether a test or a hook of this file has failed so far. Jest tells it to event handlers only. */
export function watchFailures(): () => boolean {
  let hasFailed = false;
  const handlers = (globalThis as unknown as Record<symbol, ((event: CircusEvent) => void)[] | undefined>)[HANDLERS];
  handlers?.push(({ name, test }) => {
    hasFailed ||= name === 'hook_failure' || (name === 'test_done' && test !== undefined && test.errors.length > 0);
  });
  return () => hasFailed;
}
