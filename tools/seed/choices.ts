import { numbersFrom } from '@innkeep/testing';

/** Random choices that come from a number: the same number, the same choices. */
export class Choices {
  /** A number from 0 up to and without 1. */
  readonly next: () => number;

  constructor(seed: number) {
    this.next = numbersFrom(seed);
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** True so often, from 0 to 1. */
  happens(likelihood: number): boolean {
    return this.next() < likelihood;
  }

  /** One of these; each as likely as its weight. */
  weighted<Choice>(choices: readonly (readonly [Choice, number])[]): Choice {
    let left = this.next() * choices.reduce((sum, [, weight]) => sum + weight, 0);
    return (choices.find(([, weight]) => (left -= weight) < 0) ?? choices.at(-1)!)[0];
  }
}
