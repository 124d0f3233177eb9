type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * An object that holds these members, for what the words `not`, `oneOf` and `if` of a schema say about fields that exclude or need each
 * other (JSON Schema 2020-12). Each member is named in `properties` too, as linters of OpenAPI want it.
 * @param members what is there
 * @param values what they, or others, are then
 */
export const holding = (members: readonly string[], values: Readonly<Record<string, JsonSchema>> = {}) => ({
  properties: { ...Object.fromEntries(members.map((member) => [member, {}])), ...values },
  required: [...members],
});
