/**
 * SQL as a value: text and parameters together, so that statements can be put together from parts without counting `$n` by hand.
 * A part inside a part is inlined; everything else becomes a parameter.
 */
export class Sql {
  constructor(
    readonly strings: readonly string[],
    readonly values: readonly unknown[],
  ) {}

  /** Text with `$1..$n` and its values, ready for the driver. */
  compile(): { text: string; values: unknown[] } {
    const values: unknown[] = [];
    const render = (part: Sql): string =>
      part.strings.reduce((text, string, index) => {
        const value = part.values[index - 1];
        if (value instanceof Sql) return text + render(value) + string;
        values.push(value);
        return `${text}$${values.length}${string}`;
      });
    const text = render(this);
    return { text, values };
  }
}

/** Tagged template: `` sql`select * from t where id = ${id}` ``. */
export const sql = (strings: TemplateStringsArray, ...values: unknown[]): Sql => new Sql(strings, values);

/** Text that is code, never input. */
export const rawSql = (text: string): Sql => new Sql([text], []);

/** Parts with a separator between them. */
export const joinSql = (parts: readonly Sql[], separator: string): Sql => {
  if (parts.length === 0) return rawSql('');
  return new Sql(['', ...Array.from({ length: parts.length - 1 }, () => separator), ''], parts);
};
