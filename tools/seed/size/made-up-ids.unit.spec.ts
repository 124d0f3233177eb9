import { Choices } from '../choices';
import { idAt } from './made-up-ids';

describe('an id that is made up', () => {
  const of = (organizationId: number) =>
    idAt(1_760_000_000_000, { choices: new Choices(1), tenant: [3, organizationId] });

  it('is of its instant, and no other organization has it by the same chance', () => {
    expect(of(1000)).toMatch(/^0199c82c-c000-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(new Set([of(1000), of(1001), of(1000)]).size).toBe(2);
  });
});
