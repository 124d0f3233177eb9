/** Things that are due at some time, by the second: one timer looks after all of them. */
export class Wheel<Item> {
  private readonly slots = new Map<number, Set<Item>>();
  private turned: number;

  constructor(now: number) {
    this.turned = Math.floor(now / 1_000);
  }

  /** Answers in which slot it is, to take it out again. */
  add(item: Item, at: number): number {
    const slot = Math.max(Math.ceil(at / 1_000), this.turned + 1);
    const items = this.slots.get(slot);
    if (items) items.add(item);
    else this.slots.set(slot, new Set([item]));
    return slot;
  }

  remove(item: Item, slot: number): void {
    const items = this.slots.get(slot);
    if (items?.delete(item) && items.size === 0) this.slots.delete(slot);
  }

  /** What has become due. */
  turn(now: number): Item[] {
    const until = Math.floor(now / 1_000);
    // After a sleep of the machine: what lies between is looked for among the slots, not second by second.
    const due = until - this.turned > 100 ? [...this.slots.keys()].filter((slot) => slot <= until) : [];
    if (due.length === 0) for (let slot = this.turned + 1; slot <= until; slot++) due.push(slot);
    this.turned = Math.max(this.turned, until);
    const items = due.flatMap((slot) => [...(this.slots.get(slot) ?? [])]);
    for (const slot of due) this.slots.delete(slot);
    return items;
  }
}
