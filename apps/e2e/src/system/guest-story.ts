import type { Act } from './every-event';
import type { Member, Property } from './members';

/** The moment at which all that happens in the story happens to the properties. */
export const storyTime = '2026-03-10T12:00:00Z';

/** A stay around that moment. */
const storyStay = { guestName: 'Inês Carvalho', arrivesOn: '2026-03-10', departsOn: '2026-03-12' };
const bookedStay = {
  ...{ arrivesOn: '2026-03-10', departsOn: '2026-03-11', outcome: 'departed' },
  ...{ checkedInAt: storyTime, checkedOutAt: '2026-03-11T12:00:00Z' },
};

/** Everything that happens to units and to guests, one act after the other. */
export function guestStory(owner: Member, property: Property): Act[] {
  const create = (particulars: object) => owner.checkIn(property.id, { ...storyStay, ...particulars });
  const act = (stay: () => string, name: string, body: object) =>
    owner.post(`/v1/guest-checkin/${stay()}/${name}`, body);
  const identity = { documentType: 'other', number: 'AB123456', nationality: 'PRT' };
  let [unit, stay, other] = ['', '', ''];
  return [
    {
      name: 'a unit is added',
      run: async () => (unit = (await owner.addUnit(property.id, { inServiceFrom: '2026-01-01' })).id),
    },
    {
      name: 'a unit is put out of order',
      run: () =>
        owner.patch(`/v1/properties/${property.id}/units/${unit}`, {
          outOfOrder: [{ from: '2026-03-01', to: '2026-03-09' }],
        }),
    },
    {
      name: 'a party is expected',
      run: async () => (stay = (await create({ isExpected: true, unitIds: [unit], identity })).id),
    },
    { name: 'the party comes', run: () => act(() => stay, 'checkin', { checkedInAt: storyTime }) },
    {
      name: 'the party grows',
      run: () => owner.put(`/v1/guest-checkin/${stay}`, { ...storyStay, adults: 2, unitIds: [unit] }),
    },
    { name: 'an identity is looked at', run: () => act(() => stay, 'identity-views', { purpose: 'for the story' }) },
    { name: 'the party leaves', run: () => act(() => stay, 'checkout', { checkedOutAt: '2026-03-11T12:00:00Z' }) },
    { name: 'another party is expected', run: async () => (other = (await create({ isExpected: true })).id) },
    { name: 'nobody comes', run: () => act(() => other, 'cancellation', {}) },
    { name: 'a guest is erased', run: () => owner.post(`/v1/guest-checkin/${stay}/erasure`) },
    {
      name: 'stays of another system are taken over',
      run: () =>
        owner.post('/v1/guest-checkin/bulk', {
          items: [{ ...bookedStay, propertyId: property.id, externalReference: 'b-1' }],
        }),
    },
  ];
}
